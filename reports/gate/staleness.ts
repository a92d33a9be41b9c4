import type { Difference } from '../../core/drift/differences.ts';
import { driftNamed } from '../../core/drift/drift.ts';
import { offeredDrift } from '../../core/drift/offered.ts';
import type { Run } from '../../core/record/read-run.ts';
import { fewest } from './looks.ts';
import { armOf, isTraining, offeredIn, placeOf, type Reference, type ReferenceJob } from './reference.ts';
import type { Finding, PlayedJob } from './types.ts';

/** Condition 4: what makes today's runs and the reference incomparable. */
export function* staleness(runs: readonly Run[], now: readonly PlayedJob[], reference: Reference): Generator<Finding> {
  for (const { manifest } of runs) {
    if (manifest.suite !== reference.suite)
      yield finding(`The run is of suite ${manifest.suite}, the reference of ${reference.suite}.`);
    if (JSON.stringify(manifest.limits) !== JSON.stringify(reference.limits))
      yield finding('The run and the reference have other limits of context or result tokens.');
    // A server that this machine has no folder for is left out where no task needs it.
    const both = Object.keys(manifest.servers).filter((name) => Object.hasOwn(reference.schemaHashes, name));
    const servers = Object.fromEntries(Object.entries(manifest.servers).filter(([name]) => both.includes(name)));
    const drift = offeredDrift(offeredIn(reference, both), { servers });
    if (drift.length > 0)
      yield finding(
        `The servers offered something else than in the reference: ${driftNamed(drift)}`,
        drift.map(({ what, difference }) => ({
          what,
          reference: lineOf(difference, '-'),
          run: lineOf(difference, '+'),
        })),
      );
  }
  for (const before of reference.jobs.filter((job) => !isTraining(job))) {
    const after = now.find(({ name }) => name === before.name);
    if (after) yield* changes(before, after);
    else
      yield finding(`The reference names the job ${before.name}, which the run has not.`, [
        { job: before.name, what: 'job', run: 'absent' },
      ]);
  }
  for (const [arm, before] of Map.groupBy(reference.jobs.filter(isTraining), armOf)) {
    const played = now.filter((job) => armOf(job) === arm);
    const [first] = before;
    if (Math.min(played.length, before.length) < fewest)
      yield finding(
        `${arm}: the run has ${played.length} trainings and the reference ${before.length}; ` +
          `at least ${fewest} of each are needed.`,
      );
    else if (first) for (const after of played) yield* changes(first, after);
  }
}

function* changes(before: ReferenceJob, after: PlayedJob): Generator<Finding> {
  const fields = ['policy', 'view', 'training'] as const;
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  if (changed.length > 0)
    yield finding(`The job ${after.name} has another ${changed.join(', ')} than in the reference.`);
  const present = new Set(after.episodes.map(placeOf));
  const stale = before.episodes.filter((episode) => !present.has(placeOf(episode)));
  if (stale.length > 0)
    yield finding(
      `${stale.length} of ${before.episodes.length} episodes that the reference names for ${before.name} ` +
        `are not in ${after.name}.`,
      stale.map(({ phase, task }) => ({ job: after.name, what: phase, task, reference: 'present', run: 'absent' })),
    );
}

/** The first line of a difference that tells how it was, or is. */
const lineOf = (difference: Difference, sign: '-' | '+'): string =>
  difference.find((line) => line.startsWith(sign))?.slice(2) ?? 'absent';

const finding = (reason: string, rows: Finding['rows'] = []): Finding => ({ verdict: 'incomparable', reason, rows });
