import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { ownPathIn } from '../own-module.ts';
import type { Job, Manifest } from '../run-types.ts';
import { driftExcerpt } from '../drift/drift.ts';
import { offeredDrift } from '../drift/offered.ts';
import { shownPath } from '../shown-path.ts';
import { writableFolder, writeWhole } from './files.ts';
import { lockFolder } from './lock.ts';
import { mediaFolder } from './media-files.ts';
import { shaped } from './shape.ts';
import { learningFile, systemFile, timingFile, trajectoryFile } from './run-files.ts';

export interface RunFolder {
  readonly path: string;
  /** The folder already held (part of) this very run, or of one with fewer policies or splits. */
  readonly isResumed: boolean;
  /** A sentence for each folder that was not taken, and one that says which was. */
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
  /** `source` of a run of these jobs alone, by today's code: without it a run does not grow by jobs that need further code. */
  readonly sourceOf?: (jobs: readonly Job[]) => string;
}

/** What a run folder holds; nothing else in it is ever removed. */
const parts = [
  'checkpoints',
  mediaFolder,
  'tables',
  trajectoryFile.name,
  systemFile.name,
  learningFile.name,
  timingFile.name,
  'hashes.jsonl',
  'chain.json',
  'costs.json',
  'summary.json',
  'report.html',
  // Last: while it stands, the rest is known for ours.
  'manifest.json',
];

/**
 * Takes the folder of a run: the one asked for, or the first of `name`, `name-2`, … that is free or holds this very run.
 * What `toolstone run` made in the folder asked for may have grown by policies or splits since. A folder of another run is
 * not touched without `isFresh`, one with foreign files never. Throws `UsageError`.
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
      const content = isFresh && isRun(path) ? clear(path) : contentOf(path, text, options.sourceOf);
      const isPart = content === aPart && out !== undefined;
      if (content === 'nothing' || content === 'this run' || isPart) {
        // The same code by its identity, committed since: then that commit says which it was.
        const isCommitted = content === 'this run' && !manifest.toolstone.dirty && isDirty(path);
        if (content !== 'this run' || isCommitted) writeWhole(join(path, 'manifest.json'), text);
        if (passedOver.length > 0) passedOver.push(`This run goes to ${shownPath(path)}.`);
        return { path, isResumed: content !== 'nothing', passedOver, release };
      }
      if (out !== undefined) throw new UsageError(`${path} ${typeof content === 'string' ? content : content.why}`);
      passedOver.push(
        typeof content === 'string' ? `${path} ${content}` : `${content.changed} the run in ${shownPath(path)}.`,
      );
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

const replaceIt = 'Name another folder with --out, or use --fresh to replace this run.';

const aPart = 'holds a part of this run. Name it with --out to continue there.';

/** This very run, but of other code. */
interface OtherCode {
  /** What speaks against the folder, with the cure. */
  readonly why: string;
  /** What has changed, before the words `the run in FOLDER`. */
  readonly changed: string;
}

/** `nothing`, `this run`, `aPart` of it, or what speaks against using the folder, with the cure. */
function contentOf(path: string, manifestText: string, sourceOf: RunFolderOptions['sourceOf']): string | OtherCode {
  if (!isRun(path)) {
    const foreign = readdirSync(path).filter((name) => !isTrace(name));
    if (foreign.length === 0) return 'nothing';
    return `is not empty and holds no run (${foreign.slice(0, 3).join(', ')}). Name another folder with --out.`;
  }
  const file = join(path, 'manifest.json');
  const theirText = readFileSync(file, 'utf8');
  if (theirText === manifestText) return 'this run';
  const [theirs, ours] = [parseManifest(file, theirText), JSON.parse(manifestText) as Manifest];
  const differing = differences(theirs, ours);
  if (differing.length === 0) return 'this run';
  const canGrow = ours.command === 'run' && differing.every((key) => ['jobs', 'name', 'source'].includes(key));
  const isPart = canGrow && theirs.jobs?.every((before) => ours.jobs.some((job) => hasGrown(before, job)));
  const partly = theirs.jobs && sourceOf && isPart ? sourceOf(theirs.jobs) : ours.toolstone.source;
  if (isPart && partly === theirs.toolstone?.source) return aPart;
  if (isOlder(theirs)) return `holds a run of an older Toolstone, which this version cannot resume. ${replaceIt}`;
  const drift = differing.includes('servers') ? driftText(theirs, ours) : '';
  if (differing.includes('source') && (isPart || differing.every((key) => !runKeys.has(key)))) {
    return { why: `${otherCode(theirs)} ${replaceIt}${drift}`, changed: changedText(theirs, ours) };
  }
  const growth = 'To extend it, repeat its policies, splits and --limit, add the new ones, and name it with --out. ';
  return `holds another run (it differs in ${differing.join(', ')}). ${canGrow ? growth : ''}${replaceIt}${drift}`;
}

/** Which tools are not as they were, below the sentence that refuses the folder. */
function driftText({ servers = {}, toolspace }: Partial<Manifest>, ours: Manifest): string {
  const drift = offeredDrift({ servers, ...(toolspace ? { toolspace } : {}) }, ours);
  if (drift.length === 0) return '';
  const lines = [
    'Its episodes are incomparable with those of servers that offer something else:',
    ...driftExcerpt(drift),
  ];
  return `\n${lines.join('\n')}`;
}

/** What a user chooses; the rest of a manifest follows from code. */
const runKeys = new Set([
  'version',
  'name',
  'command',
  'suite',
  'node',
  'distractors',
  'sizes',
  'aliases',
  'limits',
  'givenLimits',
  'tokens',
  'jobs',
]);

/** Older versions hashed whole folders, so that nobody can say whether the code was the same. */
const isOlder = ({ toolstone }: Partial<Manifest>): boolean => !toolstone?.source.startsWith('modules:');

function otherCode({ toolstone }: Partial<Manifest>): string {
  const { version = 'unknown', commit = 'unknown' } = toolstone ?? {};
  const made = commit === 'unknown' ? `version ${version}` : `version ${version}, commit ${commit.slice(0, 12)}`;
  return (
    `holds this run, made by other code (${made}): a module, data file, package or file given by path that its episodes ` +
    'depend on has changed since, so further episodes would not be comparable.'
  );
}

/** Of one Toolstone the same run differs only by the user's own modules. */
function changedText(theirs: Partial<Manifest>, { jobs, toolstone: ours }: Manifest): string {
  const { version, commit, dirty } = theirs.toolstone ?? {};
  const isSame = version === ours.version && commit === ours.commit && dirty !== true && !ours.dirty;
  const own = [...new Set(jobs.flatMap(({ policy }) => ownPathIn(policy) ?? []))].map((path) => basename(path));
  if (own.length === 0) return 'Code or data that its episodes depend on has changed since';
  const rest = isSame ? '' : ', or other code that its episodes depend on,';
  return `${own.join(' or ')}${rest} has changed since`;
}

/** Keys in which two manifests differ. */
function differences(theirs: Partial<Manifest>, ours: Manifest): string[] {
  const [before, now] = [identity(theirs), identity(ours)];
  return Object.keys(now).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]));
}

/** A commit that touches no code that makes episodes leaves the run what it is, as does a machine with other walls. */
const identity = (manifest: Partial<Manifest>): Readonly<Record<string, unknown>> => ({
  ...manifest,
  confinement: undefined,
  toolstone: undefined,
  // Follow from suite, servers and jobs.
  toolspace: undefined,
  needs: undefined,
  // Absent where they are as usual, which is a difference to a run where they are not.
  givenLimits: manifest.givenLimits ?? null,
  distractors: manifest.distractors ?? null,
  sizes: manifest.sizes ?? null,
  aliases: manifest.aliases ?? null,
  tokens: manifest.tokens ?? null,
  source: manifest.toolstone?.source,
});

/** Episodes belong to a job and a split, so that further ones leave those alone that are there. */
function hasGrown({ evaluations: evaluationsBefore, ...before }: Job, { evaluations, ...now }: Job): boolean {
  const texts = new Set(evaluations.map((evaluation) => JSON.stringify(evaluation)));
  const isContained = evaluationsBefore.every((evaluation) => texts.has(JSON.stringify(evaluation)));
  return JSON.stringify(before) === JSON.stringify(now) && isContained;
}

const isDirty = (path: string): boolean => {
  const file = join(path, 'manifest.json');
  return parseManifest(file, readFileSync(file, 'utf8')).toolstone?.dirty === true;
};

function parseManifest(file: string, text: string): Partial<Manifest> {
  try {
    return shaped('manifest', JSON.parse(text)) as Manifest;
  } catch (error) {
    throw new UsageError(`${file} is damaged (${messageOf(error)}). ${replaceIt}`, { cause: error });
  }
}
