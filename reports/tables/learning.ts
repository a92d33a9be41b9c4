import { median } from 'simple-statistics';
import type { Run } from '../../core/record/read-run.ts';
import type { LearningPoint } from '../../core/run-types.ts';
import { episodesTo, medianReached, trainedArms, type SeedTraining } from '../arms/trained-arms.ts';
import type { Cell, Column, Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'arm', title: 'Row', kind: 'text' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'episodes', title: 'Episodes', kind: 'count' },
  { key: 'episodes_to_50', title: 'Episodes to .5', kind: 'count' },
  { key: 'seeds_to_50', title: 'Seeds at .5', kind: 'count' },
  { key: 'episodes_to_80', title: 'Episodes to .8', kind: 'count' },
  { key: 'seeds_to_80', title: 'Seeds at .8', kind: 'count' },
  { key: 'verified_last', title: 'Success, last quarter', kind: 'share' },
  { key: 'zero_variance_first', title: 'Zero-variance groups, first quarter', kind: 'share' },
  { key: 'zero_variance_last', title: 'Zero-variance groups, last quarter', kind: 'share' },
  { key: 'gap_first', title: 'Gap, first quarter', kind: 'share' },
  { key: 'gap_last', title: 'Gap, last quarter', kind: 'share' },
  { key: 'sign_flips', title: 'Advantages reversed', kind: 'share' },
  { key: 'entropy_last', title: 'Entropy, last quarter', kind: 'share' },
];

/** One row per trained arm: how it learnt. No clock time, so that equal runs have equal tables. */
export default function learningTable(runs: readonly Run[]): Table {
  return {
    name: 'learning',
    title: 'Learning',
    about:
      'How the policies of each row learnt. Episodes: trained, and until greedy success on validation tasks was first at ' +
      'least .5 and .8; medians over seeds, in which one that never gets there is later than any (a dash: half of them or ' +
      'more never did), beside the number of seeds that got there. The rest are means over seeds of what the updates of the ' +
      'first or last quarter of the training measured on its own episodes, which are sampled: verifier success; zero-variance ' +
      'groups, those whose rewards are all equal, as a share; the proxy–truth gap; entropy of the choices in nats. Advantages reversed, over the whole ' +
      'training: share of the advantages by code, asked for the same rubric where it can read it, that the judge of the reward turns round; a ' +
      'dash where code judges by the usual rubrics.',
    columns,
    rows: trainedArms(runs).map(({ label, trainings }) => ({ arm: label, ...figures(trainings) })),
  };
}

function figures(trainings: readonly SeedTraining[]): Record<string, Cell> {
  const until = (threshold: number) => {
    const episodes = trainings.map((training) => episodesTo(training, threshold));
    return { median: medianReached(episodes), seeds: episodes.filter(Number.isFinite).length };
  };
  const [half, most] = [until(0.5), until(0.8)];
  return {
    seeds: trainings.length,
    episodes: median(trainings.map(({ points }) => points.at(-1)?.episodes ?? 0)),
    episodes_to_50: half.median,
    seeds_to_50: half.seeds,
    episodes_to_80: most.median,
    seeds_to_80: most.seeds,
    verified_last: overSeeds(trainings, 'verified', lastQuarter),
    zero_variance_first: overSeeds(trainings, 'frac_reward_zero_std', firstQuarter),
    zero_variance_last: overSeeds(trainings, 'frac_reward_zero_std', lastQuarter),
    gap_first: overSeeds(trainings, 'proxy_truth_gap', firstQuarter),
    gap_last: overSeeds(trainings, 'proxy_truth_gap', lastQuarter),
    sign_flips: overSeeds(trainings, 'sign_flips', (points) => points),
    entropy_last: overSeeds(trainings, 'entropy', lastQuarter),
  };
}

type Part = (points: readonly LearningPoint[]) => readonly LearningPoint[];

const quarter = ({ length }: readonly LearningPoint[]): number => Math.max(1, Math.round(length / 4));
const firstQuarter: Part = (points) => points.slice(0, quarter(points));
const lastQuarter: Part = (points) => points.slice(-quarter(points));

/** Mean over trainings of a metric's mean over updates; `null` where none of the updates has it. */
function overSeeds(trainings: readonly SeedTraining[], metric: string, part: Part): number | null {
  const means = trainings.flatMap(({ points }) => {
    const values = part(points).flatMap(({ metrics }) => metrics[metric] ?? []);
    return values.length === 0 ? [] : [mean(values)];
  });
  return means.length === 0 ? null : mean(means);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
