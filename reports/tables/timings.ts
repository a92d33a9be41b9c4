import { median } from 'simple-statistics';
import type { JudgeCalls, Timing } from '../../core/run-types.ts';
import { episodesTo, medianReached, trainedArms } from '../arms/trained-arms.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Column, Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'job', title: 'Job', kind: 'text' },
  { key: 'phase', title: 'Phase', kind: 'text' },
  { key: 'episodes', title: 'Episodes', kind: 'count' },
  { key: 'seconds', title: 'Seconds', kind: 'amount' },
  { key: 'episodes_per_second', title: 'Episodes per second', kind: 'amount' },
];

/** Wall times by job and phase, learning-curve points summed. This and the table of trainings alone differ between equal runs. */
export default function timingsTable(runs: readonly Run[]): Table {
  const sums = new Map<string, { job: string; phase: string; episodes: number; seconds: number }>();
  for (const { job, phase: point, episodes, seconds } of runs.flatMap((run) => run.timings)) {
    const phase = point.split('@')[0] ?? point;
    const sum = sums.get(`${job} ${phase}`) ?? { job, phase, episodes: 0, seconds: 0 };
    sum.episodes += episodes;
    sum.seconds += seconds;
    sums.set(`${job} ${phase}`, sum);
  }
  const rows = [...sums.values()]
    .sort((a, b) => (a.job < b.job ? -1 : a.job > b.job ? 1 : 0))
    .map((sum) => ({ ...sum, episodes_per_second: sum.seconds > 0 ? sum.episodes / sum.seconds : null }));
  return {
    name: 'timings',
    title: 'Wall times',
    about: 'Seconds of wall clock on the machine that made the run, jobs side by side on its cores.',
    columns,
    rows,
  };
}

const trainingColumns: readonly Column[] = [
  { key: 'arm', title: 'Row', kind: 'text' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'train_seconds', title: 'Seconds of training', kind: 'amount' },
  { key: 'update_seconds', title: 'Seconds of updates', kind: 'amount' },
  { key: 'judge_seconds', title: 'Seconds of judging', kind: 'amount' },
  { key: 'seconds_per_1000_episodes', title: 'Seconds per 1,000 episodes', kind: 'amount' },
  { key: 'judge_seconds_per_1000_episodes', title: 'Judging per 1,000 episodes', kind: 'amount' },
  { key: 'judge_calls_per_1000_episodes', title: 'Judge calls per 1,000 episodes', kind: 'count' },
  { key: 'judge_cached_calls_per_1000_episodes', title: 'of them from the cache', kind: 'count' },
  { key: 'judge_tokens_per_1000_episodes', title: 'Judge tokens per 1,000 episodes', kind: 'count' },
  { key: 'seconds_to_80', title: 'Seconds to .8', kind: 'amount' },
  { key: 'seeds_to_80', title: 'Seeds at .8', kind: 'count' },
];

/** Wall times of the trainings of each row of the table `learning`. */
export function trainingTimingsTable(runs: readonly Run[]): Table {
  const rows = trainedArms(runs).flatMap(({ label, trainings }) => {
    const timed = trainings.filter(({ timings }) => spent(timings, 'train').episodes > 0);
    if (timed.length === 0) return [];
    const [train, update, judge] = ['train', 'update', 'judge'].map((phase) => {
      const spans = timed.map(({ timings }) => spent(timings, phase));
      const seconds = spans.map((span) => span.seconds);
      const episodes = sum(spans.map((span) => span.episodes));
      return episodes === 0 ? null : { seconds: median(seconds), per1000: (1000 * sum(seconds)) / episodes };
    });
    const toThreshold = timed.map((training) => {
      const episodes = episodesTo(training, 0.8);
      return Number.isFinite(episodes) ? spent(training.timings, 'train', episodes).seconds : Infinity;
    });
    return [
      {
        arm: label,
        seeds: timed.length,
        train_seconds: train?.seconds ?? null,
        update_seconds: update?.seconds ?? null,
        judge_seconds: judge?.seconds ?? null,
        seconds_per_1000_episodes: train?.per1000 ?? null,
        judge_seconds_per_1000_episodes: judge?.per1000 ?? null,
        ...callsOf(timed.flatMap(({ timings }) => timings)),
        seconds_to_80: medianReached(toThreshold),
        seeds_to_80: toThreshold.filter(Number.isFinite).length,
      },
    ];
  });
  return {
    name: 'timings-training',
    title: 'Wall times of training',
    about:
      'Seconds of wall clock on the machine that made the run, jobs side by side on its cores; medians over seeds. Updates and judging are ' +
      'part of training, points of the learning curve are not; a dash: code judges as episodes end. Calls go to a model or are ' +
      'answered from the cache of what it said before; tokens are of the former, prompts and answers; a dash: nobody is called. Seconds to .8: until ' +
      'greedy success on validation tasks was first at least .8; a dash: half of the seeds or more never got there.',
    columns: trainingColumns,
    rows,
  };
}

/** What a judge's model was asked in trainings, per 1,000 of their episodes. */
function callsOf(timings: readonly Timing[]): Record<string, number | null> {
  const judgings = timings.flatMap(({ judge, episodes }) => (judge ? [{ ...judge, episodes }] : []));
  const episodes = sum(judgings.map((judging) => judging.episodes));
  const per1000 = (amountOf: (calls: JudgeCalls) => number) =>
    episodes === 0 ? null : Math.round((1000 * sum(judgings.map(amountOf))) / episodes);
  return {
    judge_calls_per_1000_episodes: per1000(({ calls, cachedCalls }) => calls + cachedCalls),
    judge_cached_calls_per_1000_episodes: per1000(({ cachedCalls }) => cachedCalls),
    judge_tokens_per_1000_episodes: per1000(({ promptTokens, outputTokens }) => promptTokens + outputTokens),
  };
}

/** What the timings `PHASE@N` up to so many episodes add up to. */
function spent(timings: readonly Timing[], phase: string, until = Infinity): { seconds: number; episodes: number } {
  const matching = timings.filter((timing) => {
    const [name, episodes] = timing.phase.split('@');
    return name === phase && Number(episodes) <= until;
  });
  return {
    seconds: sum(matching.map(({ seconds }) => seconds)),
    episodes: sum(matching.map(({ episodes }) => episodes)),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
