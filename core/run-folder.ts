import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from './errors.ts';
import { lockFolder, writableFolder, writeWhole } from './record.ts';
import type { Manifest } from './run-types.ts';

export interface RunFolder {
  readonly path: string;
  /** The folder already held (part of) this very run. */
  readonly isResumed: boolean;
  readonly release: () => void;
}

export interface RunFolderOptions {
  readonly manifest: Manifest;
  /** Folder of all runs, used where `out` is undefined. */
  readonly base: string;
  readonly out: string | undefined;
  /** Throw away what the folder holds of an earlier run. */
  readonly isFresh: boolean;
}

const parts = [
  'manifest.json',
  'trajectories.jsonl',
  'systems.jsonl',
  'learning.jsonl',
  'timings.jsonl',
  'summary.json',
  'report.html',
];
const folders = ['checkpoints', 'tables'];

/**
 * Takes the folder of a run: the one asked for, or the first of `name`, `name-2`, … that is free or holds this very run.
 * A folder that holds another run or foreign files is never touched without `isFresh`. Throws `UsageError`.
 */
export function openRunFolder(options: RunFolderOptions): RunFolder {
  const { manifest, base, out, isFresh } = options;
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  for (let number = 1; ; number++) {
    const path = out ?? join(base, number === 1 ? manifest.name : `${manifest.name}-${number}`);
    writableFolder(path);
    const release = lockFolder(path);
    try {
      const held = isFresh ? clear(path) : whatItHolds(path, text);
      if (held === 'nothing' || held === 'this run') {
        if (held === 'nothing') writeWhole(join(path, 'manifest.json'), text);
        return { path, isResumed: held === 'this run', release };
      }
      if (out !== undefined)
        throw new UsageError(`${path} ${held} Give another folder with --out, or --fresh to replace it.`);
    } catch (error) {
      release();
      throw error;
    }
    release();
  }
}

function clear(path: string): 'nothing' {
  for (const name of [...parts, ...folders]) rmSync(join(path, name), { recursive: true, force: true });
  return 'nothing';
}

function whatItHolds(path: string, manifestText: string): string {
  const file = join(path, 'manifest.json');
  if (!existsSync(file)) {
    const foreign = readdirSync(path).filter((name) => name !== 'lock');
    return foreign.length === 0 ? 'nothing' : `is not empty and holds no run (${foreign.slice(0, 3).join(', ')}).`;
  }
  const held = readFileSync(file, 'utf8');
  if (held === manifestText) return 'this run';
  const [theirs, ours] = [parseManifest(file, held), JSON.parse(manifestText) as Manifest];
  const differing = (Object.keys(ours) as (keyof Manifest)[]).filter(
    (key) => JSON.stringify(ours[key]) !== JSON.stringify(theirs[key]),
  );
  return `holds another run (it differs in ${differing.join(', ')}).`;
}

function parseManifest(file: string, text: string): Partial<Manifest> {
  try {
    return JSON.parse(text) as Partial<Manifest>;
  } catch (error) {
    throw new UsageError(
      `${file} is damaged (${messageOf(error)}). Give another folder with --out, or --fresh to replace it.`,
    );
  }
}
