import type { Job } from '../../core/run-types.ts';
import type { Finding, GateOptions, Verdict } from './types.ts';
import losses, { type Pair } from './regressions.ts';
import type { Run } from '../../core/record/read-run.ts';
import {
  isDeterministic,
  referenceEpisodes,
  type Reference,
  type ReferenceEpisode,
  type ReferenceJob,
} from './reference.ts';
import type { Column, Table } from '../tables/table.ts';

export interface GateResult {
  readonly verdict: Verdict;
  /** One sentence each; for a pass, what was compared. */
  readonly reasons: readonly string[];
  /** Offending rows; empty for a pass. */
  readonly offending: Table;
}

const gateDefaults: GateOptions = { margin: 0.05, tokenMargin: 0.1, voidLimit: 0.02, fewestPairs: 20 };

/**
 * Compares a run with its reference, paired by task and seed; fixed n, one look. Fails where
 * 1. a deterministic baseline gives other bytes;
 * 2. for the others the 95 % interval of a difference (bootstrap over tasks and seeds) lies wholly beyond its margin; where
 *    the interval of verifier success reaches beyond the margin without lying there, the data are not enough;
 * 3. the share of void or unscored episodes exceeds its limit;
 * 4. the reference names a job or task that the run has not, or other budgets (incomparable).
 */
export default function compare(run: Run, reference: Reference, options: Partial<GateOptions> = {}): GateResult {
  const limits = { ...gateDefaults, ...options };
  const findings = [...staleness(run, reference)];
  // A run that lacks what the reference names proves nothing about the rest.
  if (findings.length === 0) {
    for (const job of reference.jobs) {
      const now = referenceEpisodes(run, job);
      findings.push(...voidness(job, now, run, limits));
      if (isDeterministic(job)) findings.push(...otherBytes(job, now, run, reference));
    }
    for (const [arm, pairs] of learnedPairs(run, reference)) findings.push(...losses(arm, pairs, limits));
  }
  const verdict =
    (['incomparable', 'regressed', 'not-enough-data'] as const).find((candidate) =>
      findings.some((finding) => finding.verdict === candidate),
    ) ?? 'pass';
  const decisive = findings.filter((finding) => finding.verdict === verdict);
  const episodes = reference.jobs.reduce((sum, job) => sum + job.episodes.length, 0);
  return {
    verdict,
    reasons:
      verdict === 'pass'
        ? [`${episodes} episodes of ${reference.jobs.length} jobs agree with the reference ("${reference.reason}").`]
        : decisive.map(({ reason }) => reason),
    offending: offendingTable(decisive, limits),
  };
}

const columns: readonly Column[] = [
  { key: 'job', title: 'Job', kind: 'text' },
  { key: 'what', title: 'What', kind: 'text' },
  { key: 'task', title: 'Task', kind: 'text' },
  { key: 'reference', title: 'Reference', kind: 'text' },
  { key: 'run', title: 'Run', kind: 'text' },
];

function offendingTable(findings: readonly Finding[], { margin, tokenMargin }: GateOptions): Table {
  return {
    name: 'gate',
    title: 'Offending rows',
    about:
      `Margins: ${margin} for shares, ${100 * tokenMargin} % for peak context. Intervals: 95 %, bootstrap over tasks ` +
      '(and seeds where there are several) of differences paired by task and seed.',
    columns,
    rows: findings.flatMap(({ rows }) => rows),
  };
}

const finding = (reason: string, rows: Finding['rows'] = []): Finding => ({ verdict: 'incomparable', reason, rows });

function* staleness(run: Run, reference: Reference): Generator<Finding> {
  if (run.manifest.suite !== reference.suite) {
    yield finding(`The run is of suite ${run.manifest.suite}, the reference of ${reference.suite}.`);
  }
  if (JSON.stringify(run.manifest.limits) !== JSON.stringify(reference.limits)) {
    yield finding('The run and the reference have other limits of context or result tokens.');
  }
  for (const job of reference.jobs) {
    const current = run.jobs.get(job.name);
    if (!current) {
      yield finding(`The reference names the job ${job.name}, which the run has not.`, [
        { job: job.name, what: 'job', run: 'absent' },
      ]);
      continue;
    }
    const changed = changedSettings(job, current);
    if (changed.length > 0)
      yield finding(`The job ${job.name} has another ${changed.join(', ')} than in the reference.`);
    const present = new Set(referenceEpisodes(run, job).map(placeOf));
    const stale = job.episodes.filter((episode) => !present.has(placeOf(episode)));
    if (stale.length > 0) {
      yield finding(
        `${stale.length} of ${job.episodes.length} episodes that the reference names for ${job.name} are not in the run.`,
        stale.map(({ phase, task }) => ({ job: job.name, what: phase, task, reference: 'present', run: 'absent' })),
      );
    }
  }
}

function changedSettings(before: ReferenceJob, after: Job): string[] {
  const fields = ['seed', 'policy', 'view', 'training'] as const;
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

function* voidness(
  job: ReferenceJob,
  now: readonly ReferenceEpisode[],
  run: Run,
  { voidLimit }: GateOptions,
): Generator<Finding> {
  const voidEpisodes = now.filter(({ verified }) => verified === null);
  // What nobody scored in the reference either, such as criteria that code cannot read, is no loss.
  const scoredBefore = new Set(job.episodes.filter(({ rubric }) => rubric !== null).map(placeOf));
  const unscored = now.filter(
    (episode) => episode.verified !== null && episode.rubric === null && scoredBefore.has(placeOf(episode)),
  );
  for (const [what, episodes] of [
    ['void', voidEpisodes],
    ['unscored', unscored],
  ] as const) {
    const share = episodes.length / Math.max(1, now.length);
    if (share <= voidLimit) continue;
    yield {
      verdict: 'regressed',
      reason:
        `${episodes.length} of ${now.length} episodes of ${job.name} are ${what} ` +
        `(${(100 * share).toFixed(1)} %, at most ${100 * voidLimit} % are tolerated).`,
      rows: episodes.map(({ phase, task }) => ({
        job: job.name,
        what,
        task,
        run: endingOf(run, job.name, phase, task) ?? what,
      })),
    };
  }
}

/** Names an episode among those of its job. */
const placeOf = ({ phase, task, repetition = 0 }: ReferenceEpisode): string => `${phase} ${task} ${repetition}`;

const endingOf = ({ episodes }: Run, job: string, phase: string, task: string): string | undefined =>
  episodes.find((episode) => episode.job === job && episode.phase === phase && episode.task === task)?.ending;

function* otherBytes(
  job: ReferenceJob,
  now: readonly ReferenceEpisode[],
  run: Run,
  reference: Reference,
): Generator<Finding> {
  const digests = new Map(now.map((episode) => [placeOf(episode), episode.digest]));
  const changed = job.episodes.filter((episode) => digests.get(placeOf(episode)) !== episode.digest);
  if (changed.length === 0) return;
  const servers = Object.entries(run.manifest.servers)
    .filter(([name, { schemaHash }]) => reference.schemaHashes[name] !== schemaHash)
    .map(([name]) => name);
  const hint = servers.length > 0 ? ` The tool lists of ${servers.join(', ')} differ from the reference's.` : '';
  yield {
    verdict: 'regressed',
    reason: `${changed.length} of ${job.episodes.length} episodes of the deterministic ${job.name} have other bytes.${hint}`,
    rows: changed.map((episode) => ({
      job: job.name,
      what: `bytes, ${episode.phase}`,
      task: episode.task,
      reference: episode.digest?.slice(0, 12) ?? '',
      run: digests.get(placeOf(episode))?.slice(0, 12) ?? 'absent',
    })),
  };
}

/** Paired episodes of jobs that need not repeat their bytes, pooled over seeds: arm and split → pairs. */
function learnedPairs(run: Run, reference: Reference): Map<string, Pair[]> {
  const arms = new Map<string, Pair[]>();
  for (const job of reference.jobs) {
    if (isDeterministic(job)) continue;
    const current = new Map(referenceEpisodes(run, job).map((episode) => [placeOf(episode), episode]));
    for (const before of job.episodes) {
      const after = current.get(placeOf(before));
      if (!after) continue;
      const arm = `${job.name.replace(/[/-]seed-\d+$/, '')}, ${before.phase}`;
      const pairs = arms.get(arm) ?? [];
      arms.set(arm, pairs);
      pairs.push({ job: job.name, seed: job.seed, before, after });
    }
  }
  return arms;
}
