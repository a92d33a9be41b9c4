import { potentialsOf, shapedCredits } from './credit.ts';
import { episode, evaluate, inParallel, type JobTools } from './episode.ts';
import { callsSince } from './judge-calls.ts';
import { UsageError } from '../errors.ts';
import type { Job, Learner, LearningEpisode, LearningGroup, LearningPoint, Training } from '../run-types.ts';
import { pointPhase, trainPhase, warmStartPhase } from '../phase.ts';
import { randomStream, seedOf } from '../seeds.ts';
import { earned, failuresOf, refuseLostJudge, withJudge } from './reward-source.ts';
import { episodeMetrics } from './training-metrics.ts';
import type { ScoredTrajectory } from '../trajectory.ts';
import type { PolicySession, Task } from '../types.ts';

/**
 * The training loop: groups of episodes on-policy, one update per batch, a point of the learning curve and a checkpoint
 * every `evaluateEvery` episodes. Staleness is nil: an update sees only episodes of its own version, so no result depends
 * on timing. Resuming from a checkpoint gives bit-identical weights and records.
 */
export async function train(job: Job, training: Training, tools: JobTools): Promise<void> {
  const learner = tools.learner;
  if (learner === null) throw new Error(`job ${job.name} trains but has no learner`);
  if (learner.shaping && training.judge) {
    throw new UsageError(
      `Credit by step comes from code's verdicts on the usual rubrics, which a policy rewarded otherwise, by ${training.judge.name}, must not ` +
        'see. Leave out --judge, --rubric and --formula, or train with grpo.',
    );
  }
  if (tools.resume) learner.restore(tools.resume.state);
  if (tools.resume?.isOver) return;
  if (tools.resume === null && tools.cloner) await warmStart(job, training, tools.cloner, tools);
  const perUpdate = training.groupSize * training.groupsPerUpdate;
  const updates = Math.ceil(training.episodes / perUpdate);
  const tasks = trainingTasks(job, training, updates * training.groupsPerUpdate, tools);
  const { validationTasks, evaluateEvery, stopAt = Infinity, warmStart: imitated = 0 } = training;
  const updatesPerPoint = Math.max(1, Math.round(evaluateEvery / perUpdate));
  // Whole where it decides: one that is resumed must come to the same decision.
  const isSolved = async (episodes: number) => {
    const phase = pointPhase('validation', episodes);
    const whole = stopAt < Infinity;
    return (
      (await evaluate(job, phase, 'validation', validationTasks, learner.version(), tools, { isWhole: whole })) >=
      stopAt
    );
  };
  let update = tools.resume?.update ?? 0;
  let isOver = await isSolved(update * perUpdate);
  while (update < updates && !isOver) {
    const started = tools.clock();
    const before = tools.judgeCosts?.();
    const until = Math.min(updates, update + updatesPerPoint);
    const stretch = { job, training, learner, tasks, from: update, until, updates };
    const { judging, updating, ...lines } = await trainStretch(stretch, tools);
    const done = { job: job.name, episodes: (until - update) * perUpdate };
    update = until;
    const seconds = (tools.clock() - started) / 1000;
    const episodes = update * perUpdate;
    const state = learner.save();
    tools.emit({ kind: 'checkpoint', update, episodes: imitated + episodes, state, ...lines });
    tools.emit({ kind: 'timing', timing: { ...done, phase: pointPhase(trainPhase, episodes), seconds } });
    tools.emit({ kind: 'timing', timing: { ...done, phase: pointPhase('update', episodes), seconds: updating } });
    if (tools.judge) {
      const cost = before && tools.judgeCosts ? { judge: callsSince(before, tools.judgeCosts()) } : {};
      const phase = pointPhase('judge', episodes);
      tools.emit({ kind: 'timing', timing: { ...done, phase, seconds: judging, ...cost } });
    }
    isOver = await isSolved(episodes);
  }
  if (update === updates) return;
  const spared = (updates - update) * perUpdate + Math.ceil((updates - update) / updatesPerPoint) * validationTasks;
  const settled = imitated + update * perUpdate + spared;
  const noLines = { trajectories: [], learning: [] };
  tools.emit({ kind: 'checkpoint', update, episodes: settled, isOver: true, state: learner.save(), ...noLines });
  tools.emit({ kind: 'progress', episodes: spared });
}

interface Stretch {
  readonly job: Job;
  readonly training: Training;
  readonly learner: Learner;
  /** Those of the whole training, in order. */
  readonly tasks: readonly DrawnTask[];
  /** Updates: the first of the stretch, the one after its last, and all of the training. */
  readonly from: number;
  readonly until: number;
  readonly updates: number;
}

/** Updates from one point of the learning curve to the next; with the seconds of judging and updating. */
async function trainStretch(stretch: Stretch, tools: JobTools) {
  const { job, training, learner, tasks, from, until, updates } = stretch;
  const { groupSize, groupsPerUpdate, recordEvery } = training;
  const [trajectories, learning]: [string[], string[]] = [[], []];
  let [judging, updating] = [0, 0];
  for (let update = from; update < until; update++) {
    const groupTasks = tasks.slice(update * groupsPerUpdate, (update + 1) * groupsPerUpdate);
    const { groups, scored, judgeSeconds } = await rollGroups(job, training, groupTasks, learner, tools);
    judging += judgeSeconds;
    const begun = tools.clock();
    const metrics = learner.update(groups, update / updates);
    updating += (tools.clock() - begun) / 1000;
    const point: LearningPoint = {
      job: job.name,
      update: update + 1,
      episodes: (update + 1) * groupSize * groupsPerUpdate,
      metrics: { ...episodeMetrics(scored, training), ...metrics },
    };
    learning.push(JSON.stringify(point));
    if (update % recordEvery === 0) trajectories.push(...scored.map((episode) => JSON.stringify(episode)));
    tools.emit({ kind: 'progress', episodes: groupSize * groupsPerUpdate });
  }
  return { trajectories, learning, judging, updating };
}

/**
 * Imitation before the learner begins, a demonstration of its own for each task. Nobody but the oracle acts, so that no judge
 * is asked.
 */
async function warmStart(job: Job, training: Training, cloner: Learner, tools: JobTools): Promise<void> {
  const { judge: _unasked, warmStart: episodes = 0, ...rest } = training;
  const perUpdate = training.groupSize * training.groupsPerUpdate;
  const imitation = { ...rest, groupSize: 1 };
  const { families } = training;
  const tasks = inRounds(episodes, () => tools.suite.tasks('train', episodes, families));
  const started = tools.clock();
  for (let done = 0; done < episodes; done += perUpdate) {
    const batch = tasks.slice(done, done + perUpdate);
    const { groups } = await rollGroups(job, imitation, batch, cloner, { ...tools, judge: null }, warmStartPhase);
    cloner.update(groups, done / episodes);
    tools.emit({ kind: 'progress', episodes: batch.length });
  }
  const seconds = (tools.clock() - started) / 1000;
  tools.emit({ kind: 'timing', timing: { job: job.name, phase: warmStartPhase, episodes, seconds } });
}

/** A task, and in which round over all tasks it was drawn, from 0: a user's own are drawn again once each has had its turn. */
interface DrawnTask {
  readonly task: Task;
  readonly round: number;
}

/**
 * A task for every group, a new one while there are any, in an order drawn from the seed: the same for all arms with this seed, as
 * many groups and these families.
 */
function trainingTasks(job: Job, { curriculum, families }: Training, count: number, tools: JobTools): DrawnTask[] {
  const { shuffle } = randomStream(seedOf('training tasks', job.seed));
  const all = tools.suite.tasks('train', count, families);
  const drawn = inRounds(count, () => shuffle(all));
  if (curriculum === undefined) return drawn;
  const half = Math.floor(count / 2);
  const sorted = drawn.slice(0, half).sort((a, b) => a.task.plan.length - b.task.plan.length);
  return [...sorted, ...drawn.slice(half)];
}

function inRounds(count: number, tasksOfRound: () => readonly Task[]): DrawnTask[] {
  const drawn: DrawnTask[] = [];
  for (let round = 0; drawn.length < count; round++) {
    const tasks = tasksOfRound();
    if (tasks.length === 0) throw new UsageError('There is no task to train on.');
    drawn.push(...tasks.map((task) => ({ task, round })));
  }
  return drawn.slice(0, count);
}

async function rollGroups(
  job: Job,
  training: Training,
  drawn: readonly DrawnTask[],
  learner: Learner,
  tools: JobTools,
  phase = trainPhase,
): Promise<{ groups: LearningGroup[]; scored: ScoredTrajectory[]; judgeSeconds: number }> {
  const { groupSize } = training;
  const tasks = drawn.map(({ task }) => task);
  const slots = drawn.flatMap(({ task, round }) =>
    Array.from({ length: groupSize }, (_, member) => ({ task, repetition: round * groupSize + member })),
  );
  const sessions: PolicySession[] = Array.from({ length: slots.length });
  const byCode: ScoredTrajectory[] = Array.from({ length: slots.length });
  await inParallel(slots, tools.lanes, async ({ task, repetition }, index) => {
    const key = { job: job.name, phase, task: task.id, repetition };
    const { trajectory, session, system } = await episode(job, task, key, learner.policy, learner.version(), tools);
    if (repetition % groupSize === 0) tools.emit({ kind: 'system', hash: trajectory.system, text: system });
    byCode[index] = tools.score(task, trajectory);
    sessions[index] = session;
  });
  const ofGroup = <T>(all: readonly T[], group: number) => all.slice(group * groupSize, (group + 1) * groupSize);
  const started = tools.clock();
  // At once: a judge that must be waited for orders its calls itself.
  const judged = await Promise.all(
    tasks.map((task, group) => withJudge(tools.judge, task, ofGroup(byCode, group), tools.signal)),
  );
  const judgeSeconds = (tools.clock() - started) / 1000;
  const scored = judged.flat();
  if (training.judge) refuseLostJudge(training.judge.name, failuresOf(scored));
  const episodes = scored.map((one, index): LearningEpisode => {
    const variance = one.judged?.variance;
    const earning = { session: sessions[index] as PolicySession, reward: earned(training, one) };
    const { task } = slots[index] as { readonly task: Task };
    const credits = creditsOf(task, one, earning.reward, learner, tools);
    const isSum = learner.wantsComponents === true && training.reward === 'rubric' && earning.reward !== null;
    const components = isSum ? tools.components?.(task, one) : undefined;
    return {
      ...earning,
      ...(components ? { components } : {}),
      ...(variance === undefined ? {} : { judgeVariance: variance }),
      ...(credits ? { credits } : {}),
    };
  });
  const groups = tasks.map((task, group) => ({ task: task.id, episodes: ofGroup(episodes, group) }));
  return { groups, scored, judgeSeconds };
}

/** What each turn earned, for a learner that asks; `null` where it cannot be told. */
function creditsOf(
  task: Task,
  trajectory: ScoredTrajectory,
  reward: number | null,
  { shaping }: Learner,
  { score }: JobTools,
): readonly number[] | null {
  if (!shaping || reward === null) return null;
  const potentials = potentialsOf(task, trajectory, score);
  return potentials?.length
    ? shapedCredits(
        reward,
        potentials.map((one) => one * shaping.weight),
        shaping.gamma,
      )
    : null;
}
