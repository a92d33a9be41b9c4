import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { writeWhole } from '../../core/record/files.ts';
import { findRun, readManifest } from '../../core/record/read-run.ts';
import { labelSlots } from '../../judges/calibration/label-slots.ts';
import { rubricsNamed } from '../../judges/rubric/file.ts';
import { runsFolder } from './places.ts';
import { shownPath } from './printing.ts';
import { suiteOfRun, type JudgingOptions } from './stored-run.ts';
import { taskFileOf } from './task-source.ts';

interface SlotFlags extends Pick<JudgingOptions, 'rubric' | 'tasks' | 'task'> {
  readonly rater: string;
  readonly episodes: number;
}

/** Writes slots for people to label, and what they read beside them; gives what to do next in words. Throws `UsageError`. */
export async function writeSlots(name: string, file: string, flags: SlotFlags): Promise<string> {
  const reading = file.replace(/(?:\.jsonl)?$/, '.md');
  const [taken] = [file, reading].filter((path) => existsSync(path));
  if (taken !== undefined)
    throw new UsageError(`${taken} is there already, and may hold labels. Name another file with --to-label.`);
  const folder = findRun(name, runsFolder);
  const manifest = readManifest(folder);
  const suite = await suiteOfRun(manifest, taskFileOf(flags));
  const { rubric, rater, episodes: most } = flags;
  const rubrics = rubricsNamed(rubric, manifest.suite);
  const {
    slots,
    reading: text,
    episodes,
    count,
  } = labelSlots({ folder, manifest, suite, rubrics, episodes: most, rater });
  writeWhole(resolve(file), slots);
  writeWhole(resolve(reading), text);
  return (
    `${count} slots of ${episodes} episodes: ${shownPath(resolve(file))}; to read beside them: ${shownPath(resolve(reading))}\n` +
    `Then: toolstone calibrate ${name} --labels ${file} --judge NAME`
  );
}

/** The judge that is named. Throws `UsageError` where none is. */
export function judgeOf({ judge }: { readonly judge?: string | undefined }): string {
  if (judge !== undefined) return judge;
  throw new UsageError('Name a judge with --judge, or a file for people to label with --to-label.');
}
