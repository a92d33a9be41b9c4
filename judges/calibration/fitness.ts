import type { Calibration, Fitness, FitnessName, JudgeIdentity } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { Rubric } from '../../core/reward-types.ts';

interface Thresholds {
  /** Fewest labels of a criterion that say anything of it. */
  readonly labels: number;
  /** The whole interval of balanced accuracy must lie above this. */
  readonly floor: number;
  /** Balanced accuracy from which on a criterion keeps its whole weight. */
  readonly full: number;
}

/** Ours; .5 is what a constant answer reaches. */
const thresholds: Readonly<Record<FitnessName, Thresholds>> = {
  lenient: { labels: 20, floor: 0.5, full: 0.8 },
  strict: { labels: 50, floor: 0.7, full: 0.9 },
};

/** What fitness goes by: a calibration, or errors that are known by construction. */
export interface Known {
  readonly byCriterion: Readonly<
    Record<
      string,
      {
        readonly items: number;
        readonly balancedAccuracy: {
          readonly value: number;
          readonly low: number | null;
          readonly high: number | null;
        } | null;
      }
    >
  >;
}

/** The record of this very judge. Throws `UsageError` where there is none. */
export function calibrationOf({ name, build, prompt }: JudgeIdentity, records: readonly Calibration[]): Calibration {
  const found = records.find(({ stamp }) => stamp.name === name && stamp.build === build && stamp.prompt === prompt);
  if (found) return found;
  const judgesOfRecords = records.map(({ stamp }) => `${stamp.name} (${stamp.build})`).join(', ') || 'none';
  throw new UsageError(`The calibration is not one of this judge, ${name} (${build}). It is of: ${judgesOfRecords}.`);
}

/**
 * Which criteria of a judge may count, and how much, by its calibration: refused (0) with too few labels or with an interval
 * of balanced accuracy that reaches down to the floor; else (balanced accuracy − ½) / (full − ½), 1 at most: what the judge
 * knows beyond a constant answer (half of Youden's J), as a share of what `full` asks for.
 */
export function fitnessOf({ byCriterion }: Known, criteria: Iterable<string>, name: FitnessName): Fitness {
  const { labels, floor, full } = thresholds[name];
  const factorOf = (criterion: string): { factor: number; why: string } => {
    const figures = Object.hasOwn(byCriterion, criterion) ? byCriterion[criterion] : undefined;
    if (!figures || figures.items < labels) {
      return { factor: 0, why: `refused: ${figures?.items ?? 0} labels, ${labels} are needed` };
    }
    const { balancedAccuracy } = figures;
    if (balancedAccuracy === null || balancedAccuracy.low === null || balancedAccuracy.high === null) {
      return { factor: 0, why: 'refused: its labels give no interval of balanced accuracy' };
    }
    const figure = `balanced accuracy ${balancedAccuracy.value.toFixed(2)} [${balancedAccuracy.low.toFixed(2)}, ${balancedAccuracy.high.toFixed(2)}]`;
    if (balancedAccuracy.low <= floor || balancedAccuracy.value <= floor)
      return { factor: 0, why: `refused: ${figure} reaches down to ${floor}` };
    const factor = Math.min(1, (balancedAccuracy.value - 0.5) / (full - 0.5));
    return { factor, why: `${factor === 1 ? 'whole weight' : 'down-weighted'}: ${figure}` };
  };
  return {
    thresholds: name,
    criteria: Object.fromEntries([...new Set(criteria)].sort().map((one) => [one, factorOf(one)])),
  };
}

/** A rubric with what a fitness leaves of its weights, refused criteria left out. */
export const weighted = (rubric: Rubric, { criteria: fit }: Fitness): Rubric => ({
  ...rubric,
  criteria: rubric.criteria
    .map((one) => ({ ...one, weight: one.weight * (fit[one.id]?.factor ?? 0) }))
    .filter(({ weight }) => weight !== 0),
});
