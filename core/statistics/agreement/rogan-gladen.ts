import { clusteredMean, type OfTask } from '../clustered.ts';
import { normalQuantile } from '../student.ts';
import { effectiveCount, withinShare, type CorrectedShare } from './corrected-share.ts';
import type { Decision } from './two-classes.ts';

type Labelled = OfTask & Decision;
type Judged = OfTask & Pick<Decision, 'said'>;

/** Fewest tasks on each side from which a correction is made. */
const FEWEST_TASKS = 5;

/**
 * The share of true things behind the share that an imperfect judge calls true (Rogan and Gladen 1978,
 * doi:10.1093/oxfordjournals.aje.a112510): (share said + specificity − 1) / (sensitivity + specificity − 1). It holds where
 * the judge errs on `judged` as often as on `labelled`, however many of the labelled things are true.
 *
 * The interval holds every share π for which the answers seen lie within 1.96 standard errors of those expected,
 * π · sensitivity + (1 − π)(1 − specificity) (Fieller 1954), with the shares moved towards one half and counted as Lang
 * and Reiczigel do (2014, doi:10.1016/j.prevetmed.2013.09.015), and with counts deflated by what things of one task have
 * in common. A judge that may be no better than a coin so gets the interval 0..1, as it must. `null` where sensitivity +
 * specificity ≤ 1, or with fewer than 5 tasks on any of the three sides.
 */
export default function roganGladen(judged: readonly Judged[], labelled: readonly Labelled[]): CorrectedShare | null {
  const [trues, falses] = [labelled.filter(({ truth }) => truth), labelled.filter(({ truth }) => !truth)];
  if (judged.length === 0 || trues.length === 0 || falses.length === 0) return null;
  const said = clusteredMean(judged, (one) => Number(one.said));
  const found = clusteredMean(trues, (one) => Number(one.said));
  const refused = clusteredMean(falses, (one) => Number(!one.said));
  if (Math.min(said.tasks, found.tasks, refused.tasks) < FEWEST_TASKS) return null;
  const skill = found.mean + refused.mean - 1;
  if (skill <= 0) return null;
  const value = withinShare((said.mean + refused.mean - 1) / skill);
  const z2 = normalQuantile ** 2;
  const share = moved(said.mean, effectiveCount(said), z2 / 2);
  const sensitivity = moved(found.mean, effectiveCount(found), 1);
  const specificity = moved(refused.mean, effectiveCount(refused), 1);
  // f(π) = (offset − slope π)² − z² variance(π) ≤ 0, a quadratic a π² + b π + c.
  const offset = share.mean + specificity.mean - 1;
  const slope = sensitivity.mean + specificity.mean - 1;
  const a = slope ** 2 - z2 * (sensitivity.variance + specificity.variance);
  const b = -2 * offset * slope + 2 * z2 * specificity.variance;
  const c = offset ** 2 - z2 * (share.variance + specificity.variance);
  const root = b * b - 4 * a * c;
  // Open upwards, or everything fits; the rays of a downward one reach the ends of 0..1 or are cut there.
  if (a <= 0 || root < 0) return { value, low: 0, high: 1 };
  const low = withinShare((-b - Math.sqrt(root)) / (2 * a));
  const high = withinShare((-b + Math.sqrt(root)) / (2 * a));
  return { value, low: Math.min(value, low), high: Math.max(value, high) };
}

/** A share with `added` yeses and as many noes added, and its variance. */
function moved(mean: number, count: number, added: number): { readonly mean: number; readonly variance: number } {
  const total = count + 2 * added;
  const centre = (mean * count + added) / total;
  return { mean: centre, variance: (centre * (1 - centre)) / total };
}
