import { join } from 'node:path';
import type { Calibration } from '../core/calibration-types.ts';
import { writableFolder, writeWhole } from '../core/record.ts';
import { calibrationTables } from './calibration.ts';
import { calibrationPage } from './html/calibration.ts';
import { jsonText } from './table.ts';
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
