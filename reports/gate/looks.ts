import { mean, sampleVariance } from 'simple-statistics';
import type { Observation } from '../../core/statistics/bootstrap.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import { normalQuantileOf, studentQuantile } from '../../core/statistics/student.ts';
import { measures, type Means } from './measures.ts';

/**
 * Trainings after which the gate looks. It stops where it can say "passes" or "regressed" and trains on otherwise; after the
 * last look the data are not enough.
 */
export const looks = [6, 12, 20] as const;

/** Trainings that a reference holds. */
export const referenceTrainings = 24;

/** A loss of success as large as this is excluded, with 95 % confidence, by a pass. */
export const excludedLoss = 0.1;

/** Fewest trainings on either side, or tasks of a model, from which anything is concluded. */
export const fewest = 4;

/** Levels of two sides, of which one decides: each of three looks may be wrong about a loss in 1.5 % of cases, 4.5 % in all. */
const levels = { alarm: 0.97, pass: 0.9 } as const;
const quantiles = { alarm: normalQuantileOf(levels.alarm), pass: normalQuantileOf(levels.pass) } as const;

/** Difference of the means over trainings, now less then. */
export interface Difference {
  readonly value: number;
  /** Smallest loss that is excluded with 95 % confidence (one side). */
  readonly low: number;
  /** The difference lies below, with 98.5 % confidence (one side). */
  readonly high: number;
  readonly before: number;
  readonly now: number;
}

export type LookVerdict = 'pass' | 'regressed' | 'not-enough-data';

export interface Look {
  readonly verdict: LookVerdict;
  /** In the order of `measures`; `null`: too few trainings have a mean. */
  readonly differences: readonly (Difference | null)[];
  /** Places in `measures` of what is lost. */
  readonly lost: readonly number[];
}

/**
 * One look at an arm. Trainings are the units, since another seed moves a mean more than other tasks do; the same tasks stand on
 * both sides. The interval is Welch's (unequal variances).
 */
export function look(before: readonly Means[], now: readonly Means[]): Look {
  const differences = measures.map((_, place) => difference(valuesAt(before, place), valuesAt(now, place)));
  const lost = differences.flatMap((one, place) => (isLost(one, measures[place]?.tolerated) ? [place] : []));
  return { verdict: lost.length > 0 ? 'regressed' : verdictOf(differences[0] ?? null), differences, lost };
}

/** What a difference of success alone says. */
export function verdictOf(success: Difference | null): LookVerdict {
  if (isLost(success)) return 'regressed';
  return success !== null && success.low > -excludedLoss ? 'pass' : 'not-enough-data';
}

const isLost = (one: Difference | null, tolerated: (before: number) => number = () => 0): boolean =>
  one !== null && one.high < -tolerated(one.before);

const valuesAt = (trainings: readonly Means[], place: number): number[] =>
  trainings.flatMap((means) => means[place] ?? []);

/** Welch's, of two samples of trainings; `null` where one has too few. */
function difference(before: readonly number[], now: readonly number[]): Difference | null {
  if (Math.min(before.length, now.length) < fewest) return null;
  const [left, right] = [sampleVariance([...before]) / before.length, sampleVariance([...now]) / now.length];
  // Satterthwaite's degrees of freedom.
  const terms = left ** 2 / (before.length - 1) + right ** 2 / (now.length - 1);
  const degrees = Math.max(fewest - 1, (left + right) ** 2 / terms);
  const reach = (normal: number) => (terms === 0 ? 0 : studentQuantile(degrees, normal) * Math.sqrt(left + right));
  const means = { before: mean([...before]), now: mean([...now]) };
  const value = means.now - means.before;
  return { value, low: value - reach(quantiles.pass), high: value + reach(quantiles.alarm), ...means };
}

/** The same by task, of a model behind an endpoint: another try is no other policy. */
export function differenceByTask(before: readonly Observation[], now: readonly Observation[]): Difference | null {
  const [forPass, forAlarm] = [levels.pass, levels.alarm].map(
    (level) => pairedDifference(before, now, { level }).difference,
  );
  if (forPass?.low == null || forAlarm?.high == null) return null;
  const meanNow = mean(now.map(({ value }) => value));
  return { value: forPass.value, low: forPass.low, high: forAlarm.high, before: meanNow - forPass.value, now: meanNow };
}
