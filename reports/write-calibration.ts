import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Calibration } from '../core/calibration-types.ts';
import { UsageError } from '../core/errors.ts';
import { writableFolder, writeWhole } from '../core/record/files.ts';
import { calibrationTables } from './tables/calibration.ts';
import calibrationPage from './html/calibration.ts';
import { jsonText } from './tables/table.ts';
import writeTables from './write-tables.ts';

/**
 * Writes `calibration.json` (the records), `tables/calibration*.{md,csv,json}` and `calibration.html` into a folder, which it
 * makes. Returns the paths, the page first. Equal calibrations give equal bytes. Throws `UsageError`.
 */
export default function writeCalibration(folder: string, calibrations: readonly Calibration[]): string[] {
  writableFolder(folder);
  const [page, record] = [join(folder, 'calibration.html'), join(folder, 'calibration.json')];
  writeWhole(page, calibrationPage(calibrations));
  writeWhole(record, jsonText(calibrations));
  return [page, record, ...writeTables(join(folder, 'tables'), calibrationTables(calibrations))];
}

/**
 * Folder of a calibration: the one asked for, or one named after run and judge; an earlier calibration in it is replaced.
 * @throws UsageError where it holds something else.
 */
export function calibrationFolder(base: string, run: string, judge: string, out: string | undefined): string {
  const path = out === undefined ? join(base, `${run}-calibrate-${judge.replace(/[^\w.-]+/g, '-')}`) : resolve(out);
  writableFolder(path);
  const names = readdirSync(path);
  if (names.length > 0 && !existsSync(join(path, 'calibration.json'))) {
    throw new UsageError(
      `${path} is not empty and holds no calibration (${names.slice(0, 3).join(', ')}). Give another folder with --out.`,
    );
  }
  return path;
}
