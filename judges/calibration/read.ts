import { readFileSync } from 'node:fs';
import type { AttackRates, Calibration } from '../../core/calibration-types.ts';
import { messageOf, UsageError } from '../../core/errors.ts';

/** Reads the records that `toolstone calibrate` has written. Throws `UsageError` where the file holds none. */
export function readCalibrations(path: string): readonly Calibration[] {
  const cure = 'Name the calibration.json that `toolstone calibrate` wrote.';
  const records = jsonIn(path, 'calibration', cure);
  if (!Array.isArray(records) || !(records as Partial<Calibration>[]).every(isRecord)) {
    throw new UsageError(`${path} holds no calibration records of version 1. ${cure}`);
  }
  return records as readonly Calibration[];
}

/** Reads how often attacks get through, as `toolstone calibrate` has written it. Throws `UsageError` like the above. */
export function readAttacks(path: string): AttackRates {
  const cure = 'Name the attacks.json that `toolstone calibrate` wrote beside a calibration by attacked episodes.';
  const rates = jsonIn(path, 'attacks', cure) as Partial<AttackRates> | null;
  if (rates?.version === 1 && typeof rates.judge?.name === 'string' && typeof rates.overall?.failed === 'number') {
    return rates as AttackRates;
  }
  throw new UsageError(`${path} holds no attack rates of version 1. ${cure}`);
}

function jsonIn(path: string, what: string, cure: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`Cannot read the ${what} ${path}: ${messageOf(error)}. ${cure}`, { cause: error });
  }
}

const isRecord = (one: Partial<Calibration> | null) =>
  one?.version === 1 && typeof one.stamp?.name === 'string' && typeof one.byCriterion === 'object';
