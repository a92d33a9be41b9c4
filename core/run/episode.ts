import { UsageError, WorldFailure } from '../errors.ts';
import { CeilingReached } from '../models/ceiling-reached.ts';
import type { KeptMedia } from './episode-media.ts';
import { plannedEpisodes } from './planned.ts';
import { rollout, type Rollout } from './rollout.ts';
import { limitsOf } from './limits.ts';
import type { Job, JudgeCalls, Learner, Limits, Timing } from '../run-types.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import type { RewardComponent } from '../reward-types.ts';
import { isFinalPhase } from '../phase.ts';
import { seedOf } from '../seeds.ts';
import { judgeOfJob, judgeWatch, refuseLostJudge, withJudge } from './reward-source.ts';
import { keyText, type EpisodeKey, type RewardSource, type ScoredTrajectory, type Trajectory } from '../trajectory.ts';
import type { Replayed } from '../wire/wire-types.ts';
import type { OpenView, Policy, Split, Suite, Task, World, WorldPool } from '../types.ts';

/** What a job tells the run while it works. Order matters: a checkpoint precedes the records that follow it. */
export type JobMessage =
  /** The text of a system prompt, once per job and hash, before the first record that names it. */
  | { readonly kind: 'system'; readonly hash: string; readonly text: string }
  /** An image or a piece of sound, before the record that names it. */
  | { readonly kind: 'media'; readonly media: KeptMedia }
  /** All exchanges of an episode with servers and models, as JSON, before its record. */
  | { readonly kind: 'recorded'; readonly episode: string; readonly entry: string }
  /** How far a recording answered an episode. */
  | { readonly kind: 'replayed'; readonly replayed: Replayed }
  | { readonly kind: 'episode'; readonly key: EpisodeKey; readonly line: string }
  | {
      readonly kind: 'checkpoint';
      readonly update: number;
      readonly episodes: number;
      readonly isOver?: boolean;
      readonly state: Uint8Array;
      readonly trajectories: readonly string[];
      readonly learning: readonly string[];
    }
  | { readonly kind: 'timing'; readonly timing: Timing }
  /** A ceiling of the user's keeps the rest of the job from being played. */
  | { readonly kind: 'stopped'; readonly why: string }
  /** Episodes finished since the last such message, training ones included. */
  | { readonly kind: 'progress'; readonly episodes: number };

/** Where a training goes on: a checkpoint's numbers and state. */
export interface Resume {
  readonly update: number;
  readonly episodes: number;
  readonly isOver?: boolean;
  readonly state: Uint8Array;
}

/** Everything a job needs, handed in by the composition root. */
export interface JobTools {
  readonly suite: Suite;
  readonly pool: WorldPool;
  /** Episodes in parallel. Cannot change a number. */
  readonly lanes: number;
  readonly openView: OpenView;
  /** Those that the user gave. */
  readonly limits: Partial<Limits>;
  /** Whose tokens are counted; absent: Qwen3's. */
  readonly counter?: TokenCounter | undefined;
  readonly score: (task: Task, trajectory: Trajectory) => ScoredTrajectory;
  /** What the training is rewarded by, where that is not code. */
  readonly judge: RewardSource | null;
  /** What a rubric's reward of an episode is the sum of, by whoever rewards the training; absent: nobody tells. */
  readonly components?: (task: Task, trajectory: ScoredTrajectory) => readonly RewardComponent[];
  /** What that judge has cost so far, where it costs calls. */
  readonly judgeCosts?: () => JudgeCalls;
  /** The policy of a job without training, or the greedy reading of the learner's weights. */
  readonly evaluated: Policy;
  readonly learner: Learner | null;
  /** Gives the learner's policy its warm start. */
  readonly cloner?: Learner;
  readonly resume: Resume | null;
  readonly isDone: (key: EpisodeKey) => boolean;
  readonly emit: (message: JobMessage) => void;
  /** Milliseconds of a monotonic clock; for `timings.jsonl` only. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
}

/** What one episode needs of them. */
export type EpisodeTools = Pick<JobTools, 'suite' | 'pool' | 'openView' | 'limits' | 'counter' | 'signal'>;

export interface EvaluateOptions {
  /** Episodes that are written are played again, too. */
  readonly isWhole?: boolean;
  /** Of each task. */
  readonly repeats?: number | undefined;
  /** Tasks of the split that are left out, from its first on. */
  readonly after?: number | undefined;
}

/**
 * Greedy episodes of one phase, those already written left out unless `isWhole`. The judge that the policy was rewarded by
 * says, once the training is over, what it thinks of each, for the gap to the truth; one that compares is shown one at a
 * time. Returns the share solved of those that were played.
 */
export async function evaluate(
  job: Job,
  phase: string,
  split: Split,
  count: number,
  policyVersion: number,
  tools: JobTools,
  { isWhole = false, repeats = 1, after = 0 }: EvaluateOptions = {},
): Promise<number> {
  const started = tools.clock();
  const owed = plannedEpisodes(tools.suite, job.name, phase, { split, tasks: count, repeats, after }).filter(
    ({ key }) => isWhole || !tools.isDone(key),
  );
  if (owed.length === 0) return 0;
  let [solved, fresh] = [0, 0];
  let isStopped = false;
  // Of a training here only what is measured at the end is judged; of one elsewhere, all that is sampled for it.
  const isJudged = job.training === null || isFinalPhase(phase);
  const judge = judgeOfJob(job);
  const watch = judgeWatch();
  const played = async (task: Task, key: EpisodeKey): Promise<Rollout | null> => {
    try {
      return isStopped ? null : await episode(job, task, key, tools.evaluated, policyVersion, tools);
    } catch (error) {
      if (!(error instanceof CeilingReached)) throw error;
      if (!isStopped) tools.emit({ kind: 'stopped', why: error.message });
      isStopped = true;
      return null;
    }
  };
  await inParallel(owed, tools.lanes, async ({ task, key }) => {
    const rollout = await played(task, key);
    if (rollout === null) return;
    const { trajectory, system, media } = rollout;
    tools.emit({ kind: 'system', hash: trajectory.system, text: system });
    for (const one of media) tools.emit({ kind: 'media', media: one });
    const scored = tools.score(task, trajectory);
    if (scored.success?.verified) solved += 1;
    if (tools.isDone(key)) return;
    const [judged = scored] = isJudged ? await withJudge(tools.judge, task, [scored], tools.signal) : [];
    if (judge && isJudged) refuseLostJudge(judge.name, watch(judged));
    tools.emit({ kind: 'episode', key, line: JSON.stringify(judged) });
    tools.emit({ kind: 'progress', episodes: 1 });
    fresh += 1;
  });
  const seconds = (tools.clock() - started) / 1000;
  if (fresh > 0) tools.emit({ kind: 'timing', timing: { job: job.name, phase, episodes: fresh, seconds } });
  return solved / owed.length;
}

/**
 * A world that breaks before the policy's first call is answered is made anew and the episode repeated, which with equal
 * seeds gives what it would have given. Later it may be the policy that breaks worlds, and does so again.
 */
const attempts = 3;

const worldCure =
  'Check whether the disk or the shared memory is full, then re-run the same command: finished episodes are kept.';

/**
 * One episode on a reset world, seeded by names alone. Throws `UsageError` where no world can be made ready.
 */
export async function episode(
  job: Job,
  task: Task,
  key: EpisodeKey,
  policy: Policy,
  policyVersion: number,
  tools: EpisodeTools,
): Promise<Rollout> {
  const seed = seedOf('policy', job.seed, task.id, key.repetition);
  const work = (world: World) =>
    rollout({
      task,
      policy,
      policyVersion,
      world,
      openView: tools.openView,
      toolNamesUpFront: tools.suite.toolNamesUpFront,
      limits: limitsOf(task, tools.limits),
      counter: tools.counter,
      key,
      seed,
      signal: tools.signal,
    });
  for (let attempt = 1; ; attempt++) {
    tools.signal.throwIfAborted();
    try {
      const done = await tools.pool.use(task.world, seedOf('world', task.id), work, keyText(key));
      const { outcome, turns } = done.trajectory;
      const isVoid = outcome.kind === 'failed' && outcome.culprit === 'world';
      const isTouched = turns.some(({ calls }) => calls.some(({ event }) => event.kind === 'called'));
      if (!isVoid || isTouched || attempt === attempts) return done;
    } catch (error) {
      if (!(error instanceof WorldFailure)) throw error;
      if (attempt === attempts)
        throw new UsageError(`${error.message}, in ${attempts} tries. ${worldCure}`, { cause: error });
    }
  }
}

/**
 * Runs `work` over items, at most `width` at a time. The first failure keeps the rest from starting; it is thrown once what
 * had started has ended, so that nothing goes on behind the caller's back.
 */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const lane = async () => {
    while (next < items.length && failure === undefined) {
      const index = next++;
      try {
        await work(items[index] as T, index);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  if (failure) throw failure.error;
}
