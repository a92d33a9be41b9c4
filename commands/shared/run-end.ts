import { armLabel } from '../../core/arm-label.ts';
import { isForJudge, isVoid, voids, type Episode } from '../../core/record/episode-figures.ts';
import { evaluationPhase } from '../../core/phase.ts';
import readRun, { type Run } from '../../core/record/read-run.ts';
import { openTrajectories } from '../../core/record/run-files.ts';
import type { Evaluation, Job } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Suite, Task } from '../../core/types.ts';
import { firstReason } from '../../judges/truth/reasons.ts';
import { calledPolicy, executionOf, withPhrasings } from '../../reports/arms/arms.ts';
import { estimate, secondsOf, verified } from '../../reports/arms/readings.ts';
import { isExecutionComparison, isViewComparison, isWayComparison } from '../../reports/tables/comparison.ts';
import type { EndRow, Failing, RunEnd } from '../../reports/end/types.ts';
import type { Prices } from './prices.ts';

export interface RunEndOptions {
  readonly folder: string;
  readonly page: string;
  readonly suite: Suite;
  readonly prices: Prices;
  /** Why a job was not played to its end, by job. */
  readonly stopped: ReadonlyMap<string, string>;
}

/** Reads how a run ended out of its records, each planned episode's first reason included. */
export function readRunEnd({ folder, page, suite, prices, stopped }: RunEndOptions): RunEnd {
  const run = withPhrasings(readRun(folder), suite.phrasingOf);
  const stored = openTrajectories(folder);
  try {
    const failing: Failing[] = [];
    const nameOf = namesIn(run);
    const reasonOf = (episode: Episode, task: Task) => firstReason(task, stored.at(episode.place));
    const rows = run.manifest.jobs.flatMap((job) =>
      job.evaluations.map((evaluation) => {
        const tasks = suite.tasks(evaluation.split, evaluation.tasks);
        const episodes = run.episodes.filter(
          ({ job: name, phase }) => name === job.name && phase === evaluationPhase(evaluation),
        );
        failing.push(...failingOf(job, nameOf(job), evaluation, tasks, episodes, reasonOf, stopped.get(job.name)));
        const read = () => episodes.map(({ place }) => stored.at(place));
        return rowOf(run, job, nameOf(job), evaluation, episodes, prices, read);
      }),
    );
    const sentences = [...stopped].map(([name, sentence]) => {
      const job = run.jobs.get(name);
      return `${job ? nameOf(job) : name}: ${sentence}`;
    });
    return { run: run.manifest.name, suite: suite.name, folder, page, rows, failing, stopped: sentences };
  } finally {
    stored.close();
  }
}

/** A job as the end of its run calls it: by its policy, by its view where the run has several, and by how tools are called. */
const namesIn =
  (run: Run) =>
  (job: Job): string =>
    armLabel(calledPolicy(job), { view: isViewComparison(run) ? job.view : undefined, execution: job.execution });

function failingOf(
  job: Job,
  policy: string,
  { split, repeats = 1 }: Evaluation,
  tasks: readonly Task[],
  episodes: readonly Episode[],
  reasonOf: (episode: Episode, task: Task) => string | null,
  stopped = 'the run ended before',
): Failing[] {
  const played = new Map(episodes.map((episode) => [`${episode.task} ${episode.repetition}`, episode]));
  return tasks.flatMap((task) =>
    Array.from({ length: repeats }, (_, repetition): Failing[] => {
      const episode = played.get(`${task.id} ${repetition}`);
      const named = { policy, split, task: task.id, repetition };
      if (!episode) return [{ ...named, kind: 'unplayed', reason: `not played: ${stopped}` }];
      if (episode.success?.verified) return [];
      if (isForJudge(episode))
        return [{ ...named, kind: 'for a judge', reason: 'passes what code can check; the rest is for a judge' }];
      const reason = reasonOf(episode, task) ?? 'its record does not tell';
      return [{ ...named, kind: isVoid(episode) ? 'void' : 'failed', reason }];
    }).flat(),
  );
}

function rowOf(
  run: Run,
  job: Job,
  policy: string,
  { split, tasks, repeats = 1 }: Evaluation,
  episodes: readonly Episode[],
  prices: Prices,
  read: () => readonly ScoredTrajectory[],
): EndRow {
  const counted = episodes.filter(({ success }) => success !== null);
  const meanOf = (value: (episode: Episode) => number) =>
    counted.length === 0 ? null : counted.reduce((sum, one) => sum + value(one), 0) / counted.length;
  return {
    policy,
    ...(isViewComparison(run) ? { view: job.view } : {}),
    ...(isExecutionComparison(run) ? { execution: executionOf(job) } : {}),
    ...(isWayComparison(run) ? { peakTokens: meanOf(({ peakTokens }) => peakTokens) } : {}),
    split,
    tasks,
    repeats,
    episodes: episodes.length,
    void: voids(episodes),
    forJudge: episodes.filter(isForJudge).length,
    unplayed: tasks * repeats - episodes.length,
    unfinished: episodes.filter((episode) => isSolved(episode) && episode.ending !== 'terminated').length,
    success: estimate(counted, verified),
    ...(repeats > 1 ? passes(counted, repeats) : {}),
    tokens: meanOf(({ tokens }) => tokens.prompt + tokens.output),
    turns: meanOf(({ turns }) => turns),
    seconds: secondsOf(run.timings, [job], split),
    money: prices.of(job.policy, read),
  };
}

const isSolved = ({ success }: Episode): boolean => success?.verified === true;

/** Over the tasks of which every repeat counts: fewer tries say nothing of so many. */
function passes(episodes: readonly Episode[], repeats: number): Pick<EndRow, 'passAny' | 'passAll'> {
  const whole = [...Map.groupBy(episodes, ({ task }) => task).values()].filter(({ length }) => length === repeats);
  const share = (isPassed: (group: readonly Episode[]) => boolean) =>
    estimate(
      whole.map((group) => group[0] as Episode),
      ({ task }) => Number(isPassed(whole.find(([first]) => first?.task === task) ?? [])),
    );
  return { passAny: share((group) => group.some(isSolved)), passAll: share((group) => group.every(isSolved)) };
}
