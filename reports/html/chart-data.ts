import type { Estimate } from '../../core/statistics/estimate.ts';
import { isCurvePoint, phaseParts } from '../../core/phase.ts';
import { rewardNames } from '../../core/reward-types.ts';
import type { Job } from '../../core/run-types.ts';
import { armColours, namedArms, type NamedArm, type NamedArms } from '../arms/named-arms.ts';
import { perSeed, verified, type Reading } from '../arms/readings.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Headline } from '../headline/headline.ts';
import { cellText, isEstimate, type Cell, type Table } from '../tables/table.ts';
import type { FinishedTraining } from '../tables/trainings.ts';
import forestsOf, { type Forest } from './forests.ts';
import { growthCharts, type GrowthChart } from './growth-charts.ts';

/** Mean over seeds with the lowest and highest seed. */
export interface CurvePoint {
  readonly episodes: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** One value per seed, in order of seeds. */
  readonly seeds: readonly number[];
}

export interface Curve {
  readonly label: string;
  /** Number of the arm that it is of; absent where it is none's. */
  readonly arm?: number;
  readonly points: readonly CurvePoint[];
}

/** One trained arm's means of training episodes: truth beside the three rewards. */
export interface ProxyChart {
  readonly label: string;
  /** Name of the line it was trained on. */
  readonly trainedOn: string;
  readonly lines: readonly Curve[];
}

export interface ContextPoint {
  readonly label: string;
  /** Number of the arm; `null` where the row is of none. */
  readonly arm: number | null;
  readonly view: string;
  readonly tokens: readonly [value: number, low: number, high: number];
  readonly success: readonly [value: number, low: number, high: number];
}

export interface ChartData {
  readonly learning: readonly Curve[];
  readonly proxies: readonly ProxyChart[];
  readonly context: readonly ContextPoint[];
  readonly forests: readonly Forest[];
  readonly growth: readonly GrowthChart[];
  /** How many of the style sheet's colours are of arms. */
  readonly armColours: number;
}

export default function chartData(
  run: Run,
  tables: readonly Table[],
  trainings: readonly FinishedTraining[] = [],
  headline: Headline | null = null,
): ChartData {
  const arms = namedArms(run.manifest.jobs);
  const trained = arms.all.filter(({ jobs }) => jobs.every(({ training }) => training !== null));
  return {
    learning: trained.map((arm) => learningCurve(run, arm)).filter(({ points }) => points.length > 0),
    proxies: [...trained.map(({ name, jobs }) => proxyChart(run, name, jobs)), ...trainings.map(playedChart)].filter(
      ({ lines }) => lines.length > 0,
    ),
    context: contextPoints(tables.find(({ name }) => name === 'views')?.rows ?? [], arms),
    forests: forestsOf(headline, tables, arms),
    growth: growthCharts(tables, arms),
    armColours,
  };
}

function learningCurve(run: Run, { name: label, number, jobs }: NamedArm): Curve {
  const names = new Set(jobs.map(({ name }) => name));
  const validation = run.episodes.filter(({ job, phase }) => names.has(job) && isCurvePoint(phase));
  const byPoint = Object.groupBy(validation, ({ phase }) => phaseParts(phase).episodes ?? 0);
  const points = Object.entries(byPoint).flatMap(([episodes, list = []]) => {
    const seeds = perSeed(list, verified).map(({ value }) => value);
    return seeds.length === 0 ? [] : [curvePoint(Number(episodes), seeds)];
  });
  return { label, arm: number, points: points.sort((a, b) => a.episodes - b.episodes) };
}

/** Points that a chart of this width can show apart. */
const mostPoints = 32;

const judgedLine = 'rubric by its judge';

/** `read` finds in an episode what a learner's metrics hold of many. */
const proxyLines: readonly (readonly [metric: string, label: string, read: Reading])[] = [
  ['verified', 'truth (verifier)', verified],
  ...rewardNames.map(
    (name) => [`reward_${name}`, name, ({ success, rewards }: Episode) => success && rewards[name]] as const,
  ),
  ['reward_judged', judgedLine, ({ success, judged }) => success && (judged?.reward ?? null)],
];

function proxyChart(run: Run, label: string, jobs: readonly Job[]): ProxyChart {
  const training = jobs[0]?.training;
  const trainedOn = training?.judge ? judgedLine : (training?.reward ?? '');
  const budget = Math.max(...jobs.map(({ training }) => training?.episodes ?? 0));
  const lines = proxyLines.flatMap(([metric, name]) => {
    const bins = new Map<number, Map<string, number[]>>();
    for (const { job, episodes, metrics } of run.learning) {
      const value = metrics[metric];
      if (value === undefined || !jobs.some(({ name: jobName }) => jobName === job)) continue;
      const bin = Math.min(mostPoints - 1, Math.floor(((episodes - 1) / budget) * mostPoints));
      const seeds = bins.get(bin) ?? new Map<string, number[]>();
      bins.set(bin, seeds.set(job, [...(seeds.get(job) ?? []), value]));
    }
    const points = [...bins]
      .sort(([a], [b]) => a - b)
      .map(([bin, seeds]) => curvePoint(((bin + 0.5) / mostPoints) * budget, [...seeds.values()].map(mean)));
    return points.length === 0 ? [] : [{ label: name, points }];
  });
  return { label, trainedOn, lines };
}

/** The same of an outside trainer's episodes, as many to a point as a step has. */
function playedChart({ name, record, episodes }: FinishedTraining): ProxyChart {
  const bins = Math.min(mostPoints, record.steps);
  const width = episodes.length / bins;
  const lines = proxyLines.map(([, label, read]) => {
    const points = Array.from({ length: bins }, (_, bin) => {
      const values = episodes
        .slice(Math.round(bin * width), Math.round((bin + 1) * width))
        .flatMap((episode) => read(episode) ?? []);
      return values.length === 0 ? [] : [curvePoint((bin + 0.5) * width, [mean(values)])];
    });
    return { label, points: points.flat() };
  });
  const { about, reward } = record.settings;
  const trainedOn = about?.judge ? judgedLine : reward;
  return { label: name, trainedOn, lines: lines.filter(({ points }) => points.length > 0) };
}

const curvePoint = (episodes: number, seeds: readonly number[]): CurvePoint => ({
  episodes,
  mean: mean(seeds),
  low: Math.min(...seeds),
  high: Math.max(...seeds),
  seeds,
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A value and the ends of its interval, which are the value where there is none. */
const ends = ({ value, low, high }: Estimate) => [value, low ?? value, high ?? value] as const;

function contextPoints(rows: readonly Readonly<Record<string, Cell>>[], arms: NamedArms): ContextPoint[] {
  return rows.flatMap((row) => {
    const { arm: label, view, split, peak_tokens: tokens, verifier_success: success } = row;
    if (split !== 'test' || !isEstimate(tokens) || !isEstimate(success)) return [];
    const arm = arms.ofRow('views', cellText(label));
    return [
      {
        label: arm?.name ?? cellText(label),
        arm: arm?.number ?? null,
        view: cellText(view),
        tokens: ends(tokens),
        success: ends(success),
      },
    ];
  });
}
