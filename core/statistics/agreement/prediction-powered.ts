import { sampleVariance } from 'simple-statistics';
import { clusteredMean, type ClusteredMean, type OfTask } from '../clustered.ts';
import { studentQuantile } from '../student.ts';
import { withinShare, type CorrectedShare } from './corrected-share.ts';

type Judged = OfTask & { readonly score: number };
type Labelled = Judged & { readonly truth: number };

/** Fewest tasks on either side from which a correction is made. */
const FEWEST_TASKS = 5;

export interface PredictionPowered extends CorrectedShare {
  /** How much the judge is listened to: 0 (labels alone) to 1 (plain prediction-powered inference). */
  readonly weight: number;
}

/**
 * The mean of the truth from few labels and many judgements (prediction-powered inference, Angelopoulos et al. 2023,
 * doi:10.1126/science.adi6000, with the weight of PPI++, arXiv:2311.01453): λ · mean judgement of the unlabelled + mean of
 * (truth − λ · judgement) of the labelled. Unlike Rogan and Gladen's it needs no skilled judge, but labels drawn at random
 * from the same things as the unlabelled: planted defects are not.
 *
 * The interval clusters by task, also where a task has labelled and unlabelled things, takes Student's quantile with
 * (labelled tasks − 1) degrees of freedom, and adds one error each way to the labelled, as Agresti and Caffo (2000) do for
 * differences: else a judge that happens to be right on 30 labels would pass for infallible, and rare truths be covered too
 * seldom. `null` with fewer than 5 tasks on either side. `weight` as told, or the best one.
 */
export default function predictionPowered(
  unlabelled: readonly Judged[],
  labelled: readonly Labelled[],
  weight?: number,
): PredictionPowered | null {
  if (unlabelled.length === 0 || labelled.length === 0) return null;
  const lambda = weight ?? bestWeight(unlabelled, labelled);
  const many = clusteredMean(unlabelled, ({ score }) => lambda * score);
  const few = clusteredMean(labelled, ({ score, truth }) => truth - lambda * score);
  if (Math.min(many.tasks, few.tasks) < FEWEST_TASKS) return null;
  const value = withinShare(many.mean + few.mean);
  const { mean, variance } = withTwoErrors(few, lambda);
  const centre = many.mean + mean;
  const half = studentQuantile(few.tasks - 1) * Math.sqrt(varianceOfSum(many, few) - few.variance + variance);
  const [low, high] = [withinShare(centre - half), withinShare(centre + half)];
  return { value, low: Math.min(value, low), high: Math.max(value, high), weight: lambda };
}

/** The labelled part with two tasks more, of which the judge misses one's truth and makes up the other's. */
function withTwoErrors({ mean, variance, tasks }: ClusteredMean, lambda: number) {
  const total = tasks + 2;
  const moved = (mean * tasks + 1 - lambda) / total;
  const squares = tasks ** 2 * variance + tasks * (mean - moved) ** 2 + (1 - moved) ** 2 + (-lambda - moved) ** 2;
  return { mean: moved, variance: squares / total ** 2 };
}

/** Weight of least variance, covariance of judgement and truth over (1 + n/N) times the judgements' variance, in 0..1. */
function bestWeight(unlabelled: readonly Judged[], labelled: readonly Labelled[]): number {
  const n = labelled.length;
  const scores = [...labelled, ...unlabelled].map(({ score }) => score);
  const spread = scores.length < 2 ? 0 : sampleVariance(scores);
  if (spread === 0) return 0;
  const meanScore = labelled.reduce((sum, { score }) => sum + score, 0) / n;
  const meanTruth = labelled.reduce((sum, { truth }) => sum + truth, 0) / n;
  const covariance = labelled.reduce((sum, { score, truth }) => sum + (score - meanScore) * (truth - meanTruth), 0) / n;
  return withinShare(covariance / ((1 + n / unlabelled.length) * spread));
}

/** Variance of the sum of two means that may share tasks. */
function varianceOfSum(one: ClusteredMean, other: ClusteredMean): number {
  const [ofOne, ofOther] = [one, other].map(({ tasks }) => Math.sqrt(tasks / (tasks - 1))) as [number, number];
  return [...new Set([...one.influence.keys(), ...other.influence.keys()])].reduce((sum, task) => {
    const influence = ofOne * (one.influence.get(task) ?? 0) + ofOther * (other.influence.get(task) ?? 0);
    return sum + influence ** 2;
  }, 0);
}
