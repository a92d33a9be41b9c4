import { placeOf, type ReferenceJob } from './reference.ts';
import type { Finding, PlayedJob } from './types.ts';

/** Greatest tolerated share of void episodes, and of episodes whose rubric could not be scored. */
const voidLimit = 0.02;

/** Condition 3: episodes that count for nothing. */
export function* voidness(job: PlayedJob, before: readonly ReferenceJob[]): Generator<Finding> {
  const voidEpisodes = job.episodes.filter(({ verified }) => verified === null);
  // What nobody scored in the reference either, such as criteria that code cannot read, is no loss.
  const scored = new Set(
    before.flatMap(({ episodes }) => episodes.filter(({ rubric }) => rubric !== null)).map(placeOf),
  );
  const unscored = job.episodes.filter(
    (episode) => episode.verified !== null && episode.rubric === null && scored.has(placeOf(episode)),
  );
  for (const [what, episodes] of [
    ['void', voidEpisodes],
    ['unscored', unscored],
  ] as const) {
    const share = episodes.length / Math.max(1, job.episodes.length);
    if (share <= voidLimit) continue;
    yield {
      verdict: 'regressed',
      reason:
        `${episodes.length} of ${job.episodes.length} episodes of ${job.name} are ${what} ` +
        `(${(100 * share).toFixed(1)} %, at most ${100 * voidLimit} % are tolerated).`,
      rows: episodes.map(({ phase, task }) => ({ job: job.name, what, task, run: endingOf(job, phase, task) ?? what })),
    };
  }
}

const endingOf = ({ name, run }: PlayedJob, phase: string, task: string): string | undefined =>
  run.episodes.find((episode) => episode.job === name && episode.phase === phase && episode.task === task)?.ending;

/** Condition 1: a deterministic baseline that does not repeat its bytes. */
export function* otherBytes(job: ReferenceJob, now: PlayedJob): Generator<Finding> {
  const digests = new Map(now.episodes.map((episode) => [placeOf(episode), episode.digest]));
  const changed = job.episodes.filter((episode) => digests.get(placeOf(episode)) !== episode.digest);
  if (changed.length === 0) return;
  yield {
    verdict: 'regressed',
    reason: `${changed.length} of ${job.episodes.length} episodes of the deterministic ${job.name} have other bytes.`,
    rows: changed.map((episode) => ({
      job: job.name,
      what: `bytes, ${episode.phase}`,
      task: episode.task,
      reference: episode.digest?.slice(0, 12) ?? '',
      run: digests.get(placeOf(episode))?.slice(0, 12) ?? 'absent',
    })),
  };
}
