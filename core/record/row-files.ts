import { stringify } from 'csv-stringify/sync';
import { parse } from 'csv-parse/sync';
import { gzipSync, strToU8 } from 'fflate';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { messageOf, UsageError } from '../errors.ts';
import { trainPhase } from '../phase.ts';
import type { Job, LearningPoint, Timing } from '../run-types.ts';
import type { Chain } from './chain.ts';
import type { Episode } from './episode-figures.ts';
import { cellsOf, episodeOfCells } from './episode-rows.ts';
import { writeWhole } from './files.ts';
import { learningFile, timingFile, type RunFile } from './run-files.ts';
import { shaped } from './shape.ts';

/*
 * A record of a run that is small enough to be committed: a row for each evaluated episode, points of learning curves among
 * them, what each update measured, and the clock times, all compressed. Tables and page are made from these alone.
 */

const episodesName = 'episodes.csv.gz';
const [learningName, timingsName] = [learningFile, timingFile].map(({ name }) => `${name}.gz`) as [string, string];
/** The head of the chain over the records that the rows are of. */
const headName = 'rows.json';

/** What tables need of a run. */
export interface Rows {
  readonly episodes: readonly Episode[];
  readonly learning: readonly LearningPoint[];
  readonly timings: readonly Timing[];
  /** Head of the chain over the run's records. */
  readonly head: string;
}

/** Whether a folder holds the rows of a run in place of its records. */
export const holdsRows = (folder: string): boolean => existsSync(join(folder, episodesName));

/** Writes the rows of a run. Equal rows are equal bytes, whatever machine compresses them. Throws `UsageError`. */
export function writeRows(folder: string, { episodes, learning, timings, head }: Rows, armOf: (job: string) => string) {
  const evaluated = episodes.filter(({ phase }) => phase !== trainPhase);
  const hasPrograms = evaluated.some(({ execution }) => execution !== 'calls');
  const cells = sideBySide(evaluated).map((episode) => cellsOf(episode, armOf(episode.job), hasPrograms));
  const write = (name: string, text: string) =>
    writeWhole(join(folder, name), gzipSync(strToU8(text), { level: 9, mtime: 0 }));
  write(episodesName, stringify(cells, { header: true }));
  write(learningName, lines(learning));
  write(timingsName, lines(timings));
  writeWhole(
    join(folder, headName),
    `${JSON.stringify({ version: 1, head } satisfies Pick<Chain, 'version' | 'head'>)}\n`,
  );
}

/**
 * What several jobs played of one task stands together, which makes the file a third as long: by phase, then by place in it; jobs
 * keep their order.
 */
function sideBySide(episodes: readonly Episode[]): Episode[] {
  const byPhase = Map.groupBy(episodes, ({ phase }) => phase);
  return [...byPhase.values()].flatMap((ofPhase) => {
    const jobs = [...Map.groupBy(ofPhase, ({ job }) => job).values()];
    const longest = Math.max(...jobs.map(({ length }) => length));
    return Array.from({ length: longest }, (_, place) => jobs.flatMap((ofJob) => ofJob[place] ?? [])).flat();
  });
}

const lines = (items: readonly unknown[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

/** Reads what `writeRows` wrote of a run of these jobs. Throws `UsageError` that names file and line of what is none of it. */
export function readRows(folder: string, jobs: ReadonlyMap<string, Job>): Rows {
  const known = <T extends { readonly job: string }>(record: T): T => {
    if (!jobs.has(record.job)) throw new TypeError(`the manifest knows no job "${record.job}"`);
    return record;
  };
  const places = new Map([...jobs.keys()].map((name, place) => [name, place]));
  const placeOf = ({ job }: Episode): number => places.get(job) ?? 0;
  const episodes = eachOf(folder, episodesName, tableOf, (cells) => known(episodeOfCells(cells)));
  const recordsOf = <T extends { readonly job: string }>(name: string, { recordOf }: RunFile<T>) =>
    eachOf(folder, name, jsonLines, (text) => known(recordOf(JSON.parse(text))));
  const [chain] = eachOf(folder, headName, jsonLines, (text) => shaped('rows', JSON.parse(text)) as Chain);
  return {
    // As the run has them: job by job.
    episodes: episodes.toSorted((one, other) => placeOf(one) - placeOf(other)),
    learning: recordsOf(learningName, learningFile),
    timings: recordsOf(timingsName, timingFile),
    head: chain?.head ?? '',
  };
}

const jsonLines = (text: string): string[] => text.split('\n').slice(0, -1);

const tableOf = (text: string): Readonly<Record<string, string>>[] => parse(text, { columns: true });

const cure = 'Restore the file from git, or make the record again with the experiment’s command.';

/** Each record of a compressed file, or of a plain one. */
function eachOf<Part, T>(folder: string, name: string, split: (text: string) => Part[], read: (part: Part) => T): T[] {
  const path = join(folder, name);
  const damaged = (what: string, error: unknown) =>
    new UsageError(`${path}${what} is damaged (${messageOf(error)}). ${cure}`, { cause: error });
  let parts: Part[];
  try {
    const bytes = readFileSync(path);
    parts = split((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
  } catch (error) {
    throw damaged('', error);
  }
  return parts.map((part, index) => {
    try {
      return read(part);
    } catch (error) {
      throw damaged(`, record ${index + 1},`, error);
    }
  });
}
