import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import { writableFolder, writeWhole } from '../../core/record/files.ts';
import type { Execution } from '../../core/execution.ts';
import type { Offered } from '../../core/drift/offered.ts';
import type { Fingerprint } from '../../core/fingerprint.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import { isFinal } from '../arms/arms.ts';
import type { Run } from '../../core/record/read-run.ts';

/** One episode's numbers of record. */
export interface ReferenceEpisode {
  readonly phase: string;
  readonly task: string;
  /** Which of several episodes of the task; absent: the first. */
  readonly repetition?: number;
  /** `null`: the episode was void. */
  readonly verified: boolean | null;
  readonly properFinish: boolean | null;
  readonly rubric: number | null;
  readonly peakTokens: number;
  /** SHA-256 of the trajectory's line; deterministic baselines only. */
  readonly digest?: string;
}

export interface ReferenceJob {
  readonly name: string;
  readonly seed: number;
  readonly policy: string;
  readonly view: string;
  /** Absent: `calls`. */
  readonly execution?: Execution;
  readonly training: Job['training'];
  readonly episodes: readonly ReferenceEpisode[];
}

/** The committed numbers that `gate` compares with: `reports/reference/gate/reference.json`. */
export interface Reference {
  readonly version: 1;
  readonly suite: string;
  readonly limits: Manifest['limits'];
  /** Why these numbers were accepted. */
  readonly reason: string;
  readonly toolstone: Manifest['toolstone'];
  /** Head of the chain over the run's records; absent in references of an older Toolstone or an unfinished run. */
  readonly chainHead?: string;
  /** Server → hash of its tool list: a run in which that is another cannot be compared. */
  readonly schemaHashes: Readonly<Record<string, string>>;
  /** Server → what it offered, by tool; absent in references of an older Toolstone. */
  readonly fingerprints?: Readonly<Record<string, Fingerprint>>;
  readonly jobs: readonly ReferenceJob[];
}

/** A policy that does not learn and runs on this machine must repeat its bytes; a model endpoint need not. */
export const isDeterministic = ({ training, policy }: Pick<Job, 'training' | 'policy'>): boolean =>
  training === null && !/^(ollama|openai):/.test(policy);

/** Each seed gives another policy, so that trainings are compared arm by arm and not job by job. */
export const isTraining = ({ training }: Pick<Job, 'training'>): boolean => training !== null;

/** A run's numbers as a reference. Throws `UsageError` without a reason: new numbers are accepted for one. */
export function referenceOf(run: Run, reason: string): Reference {
  if (reason.trim() === '') {
    throw new UsageError('A new reference needs a reason, for example --accept "filesystem server 2027.1".');
  }
  const { suite, limits, toolstone, servers } = run.manifest;
  return {
    version: 1,
    suite,
    limits,
    reason: reason.trim(),
    toolstone,
    ...(run.chain.kind === 'sealed' ? { chainHead: run.chain.head } : {}),
    schemaHashes: Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, server.schemaHash])),
    fingerprints: Object.fromEntries(
      Object.entries(servers).flatMap(([name, { fingerprint }]) => (fingerprint ? [[name, fingerprint]] : [])),
    ),
    jobs: jobsOf(run),
  };
}

/** What some of the servers offered when a reference was accepted, in the form of a manifest. */
export const offeredIn = (
  { schemaHashes, fingerprints = {} }: Reference,
  servers: readonly string[],
): { readonly servers: Offered['servers'] } => ({
  servers: Object.fromEntries(
    servers.map((name) => {
      const { [name]: fingerprint } = fingerprints;
      return [name, { schemaHash: schemaHashes[name] ?? '', ...(fingerprint ? { fingerprint } : {}) }];
    }),
  ),
});

/** A run's jobs in the form of the reference. */
export const jobsOf = (run: Run): ReferenceJob[] =>
  run.manifest.jobs.map((job) => ({
    name: job.name,
    seed: job.seed,
    policy: job.policy,
    view: job.view,
    ...(job.execution ? { execution: job.execution } : {}),
    training: job.training,
    episodes: evaluatedEpisodes(run, job),
  }));

/** Name of what a job has in common with those of other seeds. */
export const armOf = ({ name }: Pick<Job, 'name'>): string => name.replace(/[/-]seed-\d+$/, '');

/** Names an episode among those of its job. */
export const placeOf = ({ phase, task, repetition = 0 }: ReferenceEpisode): string => `${phase} ${task} ${repetition}`;

function evaluatedEpisodes(run: Run, job: Pick<Job, 'name' | 'training' | 'policy'>): ReferenceEpisode[] {
  return run.episodes
    .filter((episode) => episode.job === job.name && isFinal(episode))
    .map(({ phase, task, repetition, success, rewards, peakTokens, digest }) => ({
      phase,
      task,
      ...(repetition > 0 ? { repetition } : {}),
      verified: success?.verified ?? null,
      properFinish: success?.properFinish ?? null,
      rubric: success && rewards.rubric,
      peakTokens,
      ...(isDeterministic(job) && digest !== null ? { digest } : {}),
    }));
}

const fileName = 'reference.json';

/** Writes a reference into its folder, one episode per line so that a change reads well in a diff. Returns the path. */
export function writeReference(folder: string, reference: Reference): string {
  writableFolder(folder);
  const path = join(folder, fileName);
  const { jobs, ...head } = reference;
  const jobText = jobs.map(({ episodes, ...job }) => {
    const lines = episodes.map((episode) => `        ${JSON.stringify(episode)}`).join(',\n');
    return `    ${JSON.stringify(job).slice(0, -1)},"episodes":[\n${lines}\n    ]}`;
  });
  writeWhole(path, `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "jobs": [\n${jobText.join(',\n')}\n  ]\n}\n`);
  return path;
}

/** Reads a reference. Throws `UsageError` where there is none or it is corrupt. */
export function readReference(folder: string): Reference {
  const path = join(folder, fileName);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(
      `There is no reference at ${path} to compare with. To make one, run toolstone gate --accept "the first reference", ` +
        'which trains and measures for some minutes; after that, toolstone gate compares with it. ' +
        'Your own tasks are quicker: toolstone gate --tasks FILE --accept "the first reference" (docs/gate.md). ' +
        'If the reference is elsewhere, name its folder with --reference.',
      { cause: error },
    );
  }
  let reference: Reference;
  try {
    reference = JSON.parse(text) as Reference;
  } catch (error) {
    throw new UsageError(`${path} is corrupt (${messageOf(error)}). Restore it from version control.`, {
      cause: error,
    });
  }
  const parts: unknown = (reference as Reference | null)?.jobs;
  if (reference?.version !== 1 || !Array.isArray(parts)) {
    throw new UsageError(`${path} is not a reference of version 1. Restore it from version control.`);
  }
  return reference;
}

/** Which records a reference was accepted from. */
export const referenceNote = ({ chainHead }: Reference): string =>
  chainHead === undefined
    ? 'Reference: accepted by an older Toolstone, without a hash chain of its records.'
    : `Reference: accepted from the records whose chain has the head ${chainHead}.`;
