import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from './errors.ts';
import { lockFolder } from './lock.ts';
import { writableFolder, writeWhole } from './record.ts';
import type { Manifest } from './run-types.ts';

export interface RunFolder {
  readonly path: string;
  /** The folder already held (part of) this very run. */
  readonly isResumed: boolean;
  /** A sentence for each folder that was not taken, with its cure. */
  readonly passedOver: readonly string[];
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

/** What a run folder holds; nothing else in it is ever removed. */
const parts = [
  'checkpoints',
  'tables',
  'trajectories.jsonl',
  'systems.jsonl',
  'learning.jsonl',
  'timings.jsonl',
  'costs.json',
  'summary.json',
  'report.html',
  // Last: while it stands, the rest is known for ours.
  'manifest.json',
];

/**
 * Takes the folder of a run: the one asked for, or the first of `name`, `name-2`, … that is free or holds this very run.
 * A folder of another run is not touched without `isFresh`, one with foreign files never. Throws `UsageError`.
 */
export function openRunFolder(options: RunFolderOptions): RunFolder {
  const { manifest, base, out, isFresh } = options;
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const passedOver: string[] = [];
  for (let number = 1; ; number++) {
    const path = out ?? join(base, number === 1 ? manifest.name : `${manifest.name}-${number}`);
    writableFolder(path);
    const release = lockFolder(path);
    try {
      const held = isFresh && isRun(path) ? clear(path) : whatItHolds(path, text);
      if (held === 'nothing' || held === 'this run') {
        if (held === 'nothing') writeWhole(join(path, 'manifest.json'), text);
        return { path, isResumed: held === 'this run', passedOver, release };
      }
      if (out !== undefined) throw new UsageError(`${path} ${held}`);
      passedOver.push(`${path} ${held}`);
    } catch (error) {
      release();
      throw error;
    }
    release();
  }
}

/** Whatever is called `tables` in a folder without a manifest is somebody else's. */
const isRun = (path: string): boolean => existsSync(join(path, 'manifest.json'));

function clear(path: string): 'nothing' {
  for (const name of parts) rmSync(join(path, name), { recursive: true, force: true });
  return 'nothing';
}

/** Traces of our own that say nothing about whose folder it is. */
const isTrace = (name: string): boolean => /^lock(\.\d+)?$|^\.probe-\d+$|^manifest\.json\.next$/.test(name);

const replaceIt = 'Give another folder with --out, or --fresh to replace it.';

/** `nothing`, `this run`, or what speaks against using the folder, with the cure. */
function whatItHolds(path: string, manifestText: string): string {
  if (!isRun(path)) {
    const foreign = readdirSync(path).filter((name) => !isTrace(name));
    if (foreign.length === 0) return 'nothing';
    return `is not empty and holds no run (${foreign.slice(0, 3).join(', ')}). Give another folder with --out.`;
  }
  const file = join(path, 'manifest.json');
  const held = readFileSync(file, 'utf8');
  if (held === manifestText) return 'this run';
  const [theirs, ours] = [parseManifest(file, held), JSON.parse(manifestText) as Manifest];
  const differing = Object.keys({ ...ours, source: '' }).filter(
    (key) => JSON.stringify(identity(ours)[key]) !== JSON.stringify(identity(theirs)[key]),
  );
  if (differing.length === 0) return 'this run';
  return `holds another run (it differs in ${differing.join(', ')}). ${replaceIt}`;
}

/** A commit that touches no code that makes episodes leaves the run what it is. */
const identity = (manifest: Partial<Manifest>): Readonly<Record<string, unknown>> => ({
  ...manifest,
  toolstone: undefined,
  source: manifest.toolstone?.source,
});

function parseManifest(file: string, text: string): Partial<Manifest> {
  try {
    return JSON.parse(text) as Partial<Manifest>;
  } catch (error) {
    throw new UsageError(`${file} is damaged (${messageOf(error)}). ${replaceIt}`);
  }
}
