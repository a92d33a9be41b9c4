import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { stringify as csv } from 'csv-stringify/sync';
import { Document } from 'yaml';
import { UsageError } from '../../../core/errors.ts';
import { writableFolder, writeWhole } from '../../../core/record/files.ts';
import { bytesOf } from '../../../envs/state/files/binary.ts';
import { importerNamed } from './importer-list.ts';
import type { Imported, Skipped } from './importer.ts';

export interface ImportSummary {
  readonly tasks: number;
  readonly skipped: number;
  readonly notes: number;
  /** What would bring the skipped records in: each cure with the number of records, the commonest first, and the first of them. */
  readonly cures: readonly { readonly cure: string; readonly records: number; readonly first: Skipped }[];
  /** Paths written: the task file, the list of skipped records, the notes. */
  readonly files: readonly string[];
}

/**
 * `toolstone tasks import --format NAME IN OUT`: reads a public format and writes a task file, with
 * `<OUT without its ending>.skipped.csv`, `….notes.csv` and the files that tasks need beside it.
 * @throws UsageError where the input cannot be read, where no record becomes a task, or where OUT is there already.
 */
export async function importTasks({ format, input, output }: ImportOptions): Promise<ImportSummary> {
  const importer = await importerNamed(format);
  if (!/\.ya?ml$/i.test(output)) throw new UsageError(`${output} must end in .yaml: the task file is written as YAML.`);
  if (existsSync(output)) throw new UsageError(`${output} is there already. Name another file, or remove it first.`);
  const imported = importer.read(input);
  const folder = writableFolder(dirname(resolve(output)));
  const stem = join(folder, basename(output).replace(/\.ya?ml$/i, ''));
  const [skippedPath, notesPath] = [`${stem}.skipped.csv`, `${stem}.notes.csv`];
  writeWhole(skippedPath, skippedText(imported));
  const { tasks } = imported.file;
  if (tasks.length === 0) {
    const first = imported.skipped[0];
    throw new UsageError(
      `No record of ${input} can be a task here. The first, ${first?.id}: ${first?.reason} (cure: ${first?.cure}). All are in ${skippedPath}.`,
    );
  }
  for (const [path, text] of Object.entries(imported.beside)) writeBeside(folder, path, text);
  writeWhole(notesPath, notesText(imported));
  writeWhole(output, taskFileText(imported, { format, input }));
  return {
    tasks: tasks.length,
    skipped: imported.skipped.length,
    notes: imported.notes.length,
    cures: curesOf(imported.skipped),
    files: [output, skippedPath, notesPath],
  };
}

const curesOf = (skipped: readonly Skipped[]): ImportSummary['cures'] =>
  [...Map.groupBy(skipped, ({ cure }) => cure)]
    .map(([cure, all]) => ({ cure, records: all.length, first: all[0] as Skipped }))
    .sort((one, other) => other.records - one.records);

export interface ImportOptions {
  /** Name of an importer. */
  readonly format: string;
  readonly input: string;
  /** Path of the task file to write, e.g. `tasks.yaml`. */
  readonly output: string;
}

/** The task file as YAML, under a comment that says where it comes from. */
export function taskFileText({ file, skipped }: Imported, { format, input }: Omit<ImportOptions, 'output'>): string {
  const document = new Document(file, { aliasDuplicateObjects: false });
  document.commentBefore = [
    ` Imported by toolstone tasks import --format ${format} from ${basename(input)}.`,
    ` ${file.tasks.length} tasks; ${skipped.length} records skipped, named with reasons in the list beside this file.`,
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}

const skippedText = ({ skipped }: Pick<Imported, 'skipped'>): string =>
  csv(
    skipped.map(({ id, reason, cure }) => [id, reason, cure]),
    { header: true, columns: ['id', 'reason', 'cure'] },
  );

const notesText = ({ notes }: Pick<Imported, 'notes'>): string =>
  csv(
    notes.map(({ id, what }) => [id, what]),
    { header: true, columns: ['id', 'what'] },
  );

function writeBeside(folder: string, path: string, text: string): void {
  const target = join(folder, path);
  if (path.endsWith('/')) mkdirSync(target, { recursive: true });
  else {
    mkdirSync(dirname(target), { recursive: true });
    writeWhole(target, bytesOf(text));
  }
}
