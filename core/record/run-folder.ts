import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { lockFolder } from './lock.ts';
import { writableFolder, writeWhole } from './files.ts';
import type { Job, Manifest } from '../run-types.ts';

export interface RunFolder {
  readonly path: string;
  /** The folder already held (part of) this very run, or of one with fewer policies or splits. */
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
 * What `toolstone run` made in the folder asked for may have grown by policies or splits since. A folder of another run is not touched without
 * `isFresh`, one with foreign files never. Throws `UsageError`.
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
      const isPart = held === aPart && out !== undefined;
      if (held === 'nothing' || held === 'this run' || isPart) {
        if (held !== 'this run') writeWhole(join(path, 'manifest.json'), text);
        return { path, isResumed: held !== 'nothing', passedOver, release };
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

const aPart = 'holds a part of this run. Name it with --out to go on there.';

/** `nothing`, `this run`, `aPart` of it, or what speaks against using the folder, with the cure. */
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
  const canGrow = ours.command === 'run' && differing.every((key) => key === 'jobs' || key === 'name');
  if (canGrow && theirs.jobs?.every((held) => ours.jobs.some((job) => hasGrown(held, job)))) return aPart;
  const growth = 'To add to it, give all it has (policies, splits, --limit) and the new ones with --out. ';
  return `holds another run (it differs in ${differing.join(', ')}). ${canGrow ? growth : ''}${replaceIt}`;
}

/** Episodes belong to a job and a split, so that further ones leave those alone that are there. */
function hasGrown({ evaluations: held, ...before }: Job, { evaluations, ...now }: Job): boolean {
  const known = new Set(evaluations.map((one) => JSON.stringify(one)));
  return JSON.stringify(before) === JSON.stringify(now) && held.every((one) => known.has(JSON.stringify(one)));
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
