// node commands/figures/reward-ground.ts RUN OUT: how often rewards tell episodes of one task apart, which is what a group-relative training
// learns from, as within-groups (.md, .csv, .json) in OUT. RUN is a run of `toolstone run --repeat N` at a temperature above 0, judged
// again by `toolstone judge --rubric end-state`; each of its policies is a start that a training might have.
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { eachRecord, trajectoryFile } from '../../core/record/run-files.ts';
import estimateMean from '../../core/statistics/estimate.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Table } from '../../reports/tables/table.ts';
import writeTables from '../../reports/write-tables.ts';

const [run = '', out = ''] = process.argv.slice(2);

/** A score of each episode of one task by one policy, none where it was void or not scored. */
type Score = (episode: ScoredTrajectory) => number | null;

const episodes: ScoredTrajectory[] = [];
eachRecord(run, trajectoryFile, (episode) => episodes.push(episode));

const scoreOf =
  (criterion: string): Score =>
  ({ verdicts }) => {
    const verdict = verdicts.find((one) => one.criterion === criterion);
    return verdict?.state === 'scored' ? verdict.score : null;
  };
const criteria = [...new Set(episodes.flatMap(({ verdicts }) => verdicts.map((one) => one.criterion)))];
const rewards: readonly (readonly [string, Score])[] = [
  ['sparse', ({ rewards: { sparse } }) => sparse],
  ['rubric, sum', ({ rewards: { rubric } }) => rubric],
  ...criteria.map((id): readonly [string, Score] => [`rubric, ${id} alone`, scoreOf(id)]),
];

function rowOf(start: string, own: readonly ScoredTrajectory[], [reward, score]: (typeof rewards)[number]) {
  const groups = [...Map.groupBy(own, ({ key }) => key.task)].map(([task, group]) => ({
    task,
    scores: group.map(score).filter((one) => one !== null),
  }));
  const able = groups.filter(({ scores }) => scores.length > 1);
  const over = (of: (scores: readonly number[]) => number) =>
    estimateMean(able.map(({ task, scores }) => ({ task, seed: 1, value: of(scores) })));
  return {
    start,
    reward,
    groups: able.length,
    mean: over((scores) => mean([...scores])),
    spread: over((scores) => sampleStandardDeviation([...scores])),
    telling: over((scores) => Number(scores.some((one) => one !== scores[0]))),
  };
}

const table: Table = {
  name: 'within-groups',
  title: 'What rewards tell apart within a group',
  about:
    'Groups are the episodes of one task by one start, sampled at temperature 1. Spread: standard deviation within a group. Telling: share of groups ' +
    'whose episodes did not all earn the same; from any other a group-relative training learns nothing. The rubric is that of the end state, scored ' +
    'by code. Intervals: 95 %, over tasks.',
  columns: [
    { key: 'start', title: 'Start', kind: 'text' },
    { key: 'reward', title: 'Reward', kind: 'text' },
    { key: 'groups', title: 'Groups', kind: 'count' },
    { key: 'mean', title: 'Mean', kind: 'share' },
    { key: 'spread', title: 'Spread', kind: 'share' },
    { key: 'telling', title: 'Telling', kind: 'share' },
  ],
  rows: [...Map.groupBy(episodes, ({ key }) => key.job)].flatMap(([job, own]) =>
    rewards.map((one) => rowOf(job.replace(/-tool\/.*/, ''), own, one)),
  ),
};
writeTables(out, [table]);
