import { readFileSync } from 'node:fs';
import type { Calibration } from '../../core/calibration-types.ts';
import { messageOf, UsageError } from '../../core/errors.ts';

/** Reads the records that `toolstone calibrate` has written. Throws `UsageError` where the file holds none. */
export function readCalibrations(path: string): readonly Calibration[] {
  const cure = 'Name the calibration.json that `toolstone calibrate` wrote.';
  let records: unknown;
  try {
    records = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`Cannot read the calibration ${path}: ${messageOf(error)}. ${cure}`, { cause: error });
  }
  if (!Array.isArray(records) || !(records as Partial<Calibration>[]).every(isRecord)) {
    throw new UsageError(`${path} holds no calibration records of version 1. ${cure}`);
  }
  return records as readonly Calibration[];
}

const isRecord = (one: Partial<Calibration> | null) =>
  one?.version === 1 && typeof one.stamp?.name === 'string' && typeof one.byCriterion === 'object';
