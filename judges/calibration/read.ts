import { readFileSync } from 'node:fs';
import type { AttackRates, Calibration } from '../../core/calibration-types.ts';
import { messageOf, UsageError } from '../../core/errors.ts';
import { shapeFault } from '../../core/record/shape.ts';

/** Reads the records that `toolstone calibrate` has written. Throws `UsageError` where the file holds none. */
export function readCalibrations(path: string): readonly Calibration[] {
  const cure = 'Name the calibration.json that `toolstone calibrate` wrote.';
  const records = jsonIn(path, 'calibration', cure);
  const fault = Array.isArray(records)
    ? records.map((one) => shapeFault('calibration', one)).find((one) => one !== null)
    : 'is no list';
  if (fault !== undefined) {
    throw new UsageError(`${path} holds no calibration records of version 1 (one ${fault}). ${cure}`);
  }
  return records as readonly Calibration[];
}

/** Reads how often attacks get through, as `toolstone calibrate` has written it. Throws `UsageError` like the above. */
export function readAttacks(path: string): AttackRates {
  const cure = 'Name the attacks.json that `toolstone calibrate` wrote beside a calibration by attacked episodes.';
  const rates = jsonIn(path, 'attacks', cure);
  const fault = shapeFault('attacks', rates);
  if (fault === null) return rates as AttackRates;
  throw new UsageError(`${path} holds no attack rates of version 1 (it ${fault}). ${cure}`);
}

function jsonIn(path: string, what: string, cure: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`Cannot read the ${what} ${path}: ${messageOf(error)}. ${cure}`, { cause: error });
  }
}
