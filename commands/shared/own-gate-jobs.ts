import { armLabel } from '../../core/arm-label.ts';
import { UsageError } from '../../core/errors.ts';
import { driftExcerpt } from '../../core/drift/drift.ts';
import { offeredDrift, type Offered } from '../../core/drift/offered.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { describeServer } from '../../envs/toolspaces.ts';
import { repeatsOf } from '../../reports/gate/tasks/record.ts';
import type { TasksReference } from '../../reports/gate/tasks/reference.ts';
import { defaultSplit } from '../../suites/tasks/samples.ts';
import { fixedJob } from './jobs.ts';
import { recordedToolspace } from './recorded-toolspace.ts';

/** Who plays, or which of a run's jobs. */
export interface ChosenArm {
  readonly policy?: string | undefined;
  readonly view?: string | undefined;
  readonly repeat?: number | undefined;
}

/** A job a repeat, each with a seed of its own. What the user leaves open is as in the reference. Throws `UsageError`. */
export function playJobs(
  { policy, view, repeat }: ChosenArm,
  reference: TasksReference | null,
  suite: Suite,
): readonly Job[] {
  const played = policy ?? reference?.policy;
  if (played === undefined)
    throw new UsageError('There is no reference yet to take the policy from: name it with --policy NAME.');
  const shown = view ?? reference?.view ?? 'tool';
  const repeats = repeat ?? Math.max(1, reference === null ? 1 : repeatsOf(reference));
  const split = defaultSplit(suite);
  const evaluations = [{ split, tasks: suite.tasks(split, Infinity).length }];
  const execution = reference?.execution;
  const rows = { algorithms: armLabel(played, { execution }), views: armLabel(played, { view: shown, execution }) };
  return Array.from({ length: repeats }, (_, index) =>
    fixedJob(played, shown, rows, evaluations, index + 1, execution),
  );
}

/** What the servers of own tasks offer now. */
const offeredNow = (suite: Suite): Offered => ({
  servers: Object.fromEntries(suite.servers.map((name) => [name, describeServer(name)])),
  toolspace: recordedToolspace(suite),
});

/**
 * The jobs of a run that are one policy in one view. Throws `UsageError` where the run is of other tasks, or of servers that have
 * changed since, where it has none that was asked for, and where it has several.
 */
export function armOf(run: Run, suite: Suite, { policy, view }: ChosenArm): readonly Job[] {
  const { manifest } = run;
  if (manifest.suite !== suite.name)
    throw new UsageError(
      `The run is of ${manifest.suite}, and the task file is now ${suite.name}. Leave the run out to play the tasks again.`,
    );
  const drift = offeredDrift(manifest, offeredNow(suite));
  if (drift.length > 0)
    throw new UsageError(
      [
        'The servers offer something else than when the run was made, so that the two are incomparable. Leave the run out to play the tasks again.',
        ...driftExcerpt(drift),
      ].join('\n'),
    );
  const arms = Map.groupBy(
    manifest.jobs.filter((job) => job.training === null),
    (job) => armLabel(job.policy, job),
  );
  const fitting = [...arms.values()].filter(
    ([job]) => (policy === undefined || job?.policy === policy) && (view === undefined || job?.view === view),
  );
  const [arm] = fitting;
  if (arm !== undefined && fitting.length === 1) return arm;
  throw new UsageError(
    `The run has ${fitting.length === 0 ? 'no' : 'more than one'} policy of that name and view. Choose one with --policy and --view: ` +
      `it has ${[...arms.keys()].join('; ') || 'none that only plays'}.`,
  );
}
