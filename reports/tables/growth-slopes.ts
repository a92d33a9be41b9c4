import { linearRegression } from 'simple-statistics';
import type { Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Observation } from '../../core/statistics/bootstrap.ts';
import estimateMean, { type Estimate } from '../../core/statistics/estimate.ts';
import { observe, peakTokens, promptTokens, turnCount, verified, type Reading } from '../arms/readings.ts';
import { sizedParts, toolsOffered, type SizedPart, type ToolsOffered } from '../arms/sized-parts.ts';
import type { Cell, Column, Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'arm', title: 'Policy, view', kind: 'text' },
  { key: 'policy', title: 'Policy', kind: 'text' },
  { key: 'view', title: 'View', kind: 'text' },
  { key: 'sizes', title: 'Sizes', kind: 'count' },
  { key: 'verifier_success', title: 'Δ success', kind: 'share' },
  { key: 'peak_percent', title: 'Δ peak context, %', kind: 'amount' },
  { key: 'total_percent', title: 'Δ all prompts, %', kind: 'amount' },
  { key: 'turns', title: 'Δ turns', kind: 'amount' },
];

/** One row per policy and view: the change for ten times as many tools. */
export default function growthSlopesTable(runs: readonly Run[]): Table {
  const offered = toolsOffered(runs);
  const arms = Map.groupBy(sizedParts(runs), ({ label }) => label);
  return {
    name: 'growth-slopes',
    title: 'Change per tenfold of tools',
    about:
      'For each task and seed a line of least squares through its sizes, over the logarithm of the tools that it was truly offered; the ' +
      'table has the mean slope over tasks and seeds, the change for ten times as many tools, with an interval of 95 % by resampling phrasings and ' +
      'trainings. Peak context and all prompts are fitted by their logarithms, and stand as a change in %.',
    columns,
    rows: [...arms.values()].filter((parts) => parts.length > 1).map((parts) => rowOf(parts, offered)),
  };
}

function rowOf(parts: readonly SizedPart[], offered: ToolsOffered): Record<string, Cell> {
  const [first] = parts as readonly [SizedPart];
  const slope = (read: Reading) => estimateMean(slopesOf(parts, offered, read), { isShare: false });
  return {
    arm: first.label,
    policy: first.policy,
    view: first.view,
    sizes: parts.length,
    verifier_success: slope(verified),
    peak_percent: inPercent(slope(logarithmOf(peakTokens))),
    total_percent: inPercent(slope(logarithmOf(promptTokens))),
    turns: slope(turnCount),
  };
}

const logarithmOf =
  (read: Reading): Reading =>
  (episode: Episode) => {
    const value = read(episode);
    return value === null || value <= 0 ? null : Math.log10(value);
  };

const percent = (slope: number): number => 100 * (10 ** slope - 1);

/** Of a slope of logarithms to the base of 10: the factor of a tenfold, as a change in percent. */
function inPercent(slope: Estimate | null): Estimate | null {
  if (slope === null) return null;
  const { value, low, high } = slope;
  return {
    ...slope,
    value: percent(value),
    low: low === null ? null : percent(low),
    high: high === null ? null : percent(high),
  };
}

/** A slope for each task and seed that has a value among two numbers of tools or more. */
export function slopesOf(parts: readonly SizedPart[], offered: ToolsOffered, read: Reading): Observation[] {
  const points = parts.flatMap(({ size, episodes }) =>
    observe(episodes, read).flatMap((one) => {
      const tools = offered(size, one.task);
      return tools === null ? [] : [{ ...one, place: Math.log10(tools) }];
    }),
  );
  return [...Map.groupBy(points, ({ task, seed }) => `${task} ${seed}`).values()].flatMap((ofOne) => {
    const [first] = ofOne;
    if (!first || new Set(ofOne.map(({ place }) => place)).size < 2) return [];
    const { m: value } = linearRegression(ofOne.map((point) => [point.place, point.value]));
    return [{ task: first.task, phrasing: first.phrasing, seed: first.seed, value }];
  });
}
