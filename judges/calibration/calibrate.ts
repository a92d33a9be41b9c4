import type {
  AgreementFigures,
  Calibration,
  CalibrationCounts,
  CalibrationStamp,
  JudgedVerdict,
  JudgeIdentity,
  LabelSet,
  RaterFigures,
  VoteFigures,
} from '../../core/calibration-types.ts';
import type { Verdict } from '../../core/reward-types.ts';
import krippendorffsAlpha from '../../core/statistics/agreement/krippendorff.ts';
import * as votes from '../../core/statistics/agreement/votes.ts';
import clusteredEstimate, { clusteredEstimates } from '../../core/statistics/clustered.ts';
import { keyText, type Trajectory } from '../../core/trajectory.ts';
import correctedRates from './corrected.ts';
import agreementFigures, { curveOf } from './figures.ts';
import { isUsable, judgedOf, match, type Item, type Matched, type Rated } from './match.ts';
import { groupFigures, meanScore, type RewardOf } from './rewards.ts';

export interface CalibrationInput {
  readonly judge: JudgeIdentity;
  readonly labels: LabelSet;
  readonly verdicts: readonly JudgedVerdict[];
  /** Ids that labels may name: those of the judged tasks' rubrics; by default those that verdicts name. */
  readonly criteria?: Iterable<string>;
  /** How a trajectory's verdicts become a reward; by default the mean score. */
  readonly rewardOf?: RewardOf;
  /** Score from which on an answer is a yes; .5 unless told. */
  readonly threshold?: number;
  /** Group sizes at which advantages are compared; 4 and 8 unless told. */
  readonly groupSizes?: readonly number[];
  readonly resamples?: number;
}

/**
 * How far a judge's verdicts agree with labels. An unusable answer (unscored, or no number within 0..1) is counted by its
 * kind and is in no figure; figures that the data do not define are `null`. Equal input gives equal numbers, in any order.
 * @throws UsageError with file and line where labels name unknown criteria or no certain trajectory.
 */
export default function calibrate(input: CalibrationInput): Calibration {
  const {
    judge,
    labels,
    verdicts,
    rewardOf = meanScore,
    threshold = 0.5,
    groupSizes = [4, 8],
    resamples = 1000,
  } = input;
  const criteria = new Set(input.criteria ?? verdicts.map(({ verdict }) => verdict.criterion));
  const matched = match(labels, verdicts, criteria, threshold);
  const { items, unlabelled, rated } = matched;
  const overall = agreementFigures(items, resamples);
  const counts = countsOf(labels, verdicts, matched);
  return {
    version: 1,
    stamp: stampOf(judge, labels, overall, counts),
    threshold,
    counts,
    overall,
    curve: curveOf(items, resamples),
    byCriterion: split(items, ({ criterion }) => [criterion], resamples),
    byTag: split(items, ({ tags }) => Object.entries(tags).map(([name, value]) => `${name}=${value}`), resamples),
    groups: groupFigures(items, rewardOf, groupSizes, resamples),
    votes: voteFigures(verdicts, threshold, resamples),
    raters: raterFigures(labels, rated, resamples),
    corrected: correctedRates(items, unlabelled, threshold, resamples),
  };
}

/**
 * A trajectory's verdicts as `calibrate` takes them, single votes in place of those that sum them up; the length is the
 * whole transcript's, in tokens.
 */
export function judgedVerdicts(trajectory: Trajectory, verdicts: readonly Verdict[]): JudgedVerdict[] {
  const last = trajectory.turns.at(-1)?.tokens;
  const length = last ? last.prompt + last.output : 0;
  return verdicts
    .flatMap((one) => one.votes ?? [one])
    .map((verdict) => ({
      trajectory: keyText(trajectory.key),
      task: trajectory.key.task,
      verdict,
      ...(verdict.state === 'unscored' && verdict.cause ? { cause: verdict.cause } : {}),
      ...(verdict.position === undefined ? {} : { position: verdict.position }),
      length,
    }));
}

const everyOne = () => true;

function stampOf(
  judge: JudgeIdentity,
  labels: LabelSet,
  { items, tasks, balancedAccuracy }: AgreementFigures,
  { withheld }: CalibrationCounts,
): CalibrationStamp {
  const { name, build, prompt } = judge;
  const figure = balancedAccuracy && {
    value: balancedAccuracy.value,
    low: balancedAccuracy.low,
    high: balancedAccuracy.high,
  };
  const pairs = items + withheld;
  const answered = pairs === 0 ? null : items / pairs;
  return { name, build, prompt, labels: labels.hash, items, tasks, answered, balancedAccuracy: figure };
}

function countsOf(labels: LabelSet, verdicts: readonly JudgedVerdict[], matched: Matched): CalibrationCounts {
  const counts = { scored: 0, refused: 0, unparseable: 0, failed: 0, invalid: 0, unscored: 0 };
  for (const { verdict, cause } of verdicts) {
    if (verdict.state === 'scored') counts[isUsable(verdict.score) ? 'scored' : 'invalid'] += 1;
    else counts[cause ?? 'unscored'] += 1;
  }
  const { items, disputed, unjudged, withheld, unlabelled } = matched;
  return {
    labels: labels.labels.length,
    open: labels.open,
    labelled: items.length + disputed + unjudged + withheld,
    disputed,
    unjudged,
    withheld,
    verdicts: verdicts.length,
    ...counts,
    unlabelled: unlabelled.length,
  };
}

function split(
  items: readonly Item[],
  namesOf: (item: Item) => readonly string[],
  resamples: number,
): Record<string, AgreementFigures> {
  const parts = Map.groupBy(
    items.flatMap((item) => namesOf(item).map((name) => ({ name, item }))),
    ({ name }) => name,
  );
  return Object.fromEntries(
    [...parts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, members]) => [
        name,
        agreementFigures(
          members.map(({ item }) => item),
          resamples,
        ),
      ]),
  );
}

function voteFigures(verdicts: readonly JudgedVerdict[], threshold: number, resamples: number): VoteFigures {
  const repeated = [...judgedOf(verdicts).values()].filter((one) => one.votes.length > 1);
  const ballots = repeated.map((one) => ({ task: one.task, votes: one.votes.map(({ score }) => score) }));
  const placed = repeated.map(({ task, votes: cast }) => ({
    task,
    votes: cast.flatMap(({ score, position }) => (position === null ? [] : [{ score, position }])),
  }));
  const estimates = clusteredEstimates(
    ballots,
    {
      selfConsistency: { of: (sample) => votes.selfConsistency(sample, threshold), among: everyOne },
      unanimous: { of: (sample) => votes.unanimousShare(sample, threshold), among: everyOne },
      variance: { of: votes.voteVariance },
    },
    { resamples },
  );
  const positionFlips = clusteredEstimate(placed, (sample) => votes.positionFlips(sample, threshold), {
    isShare: true,
    resamples,
  });
  return { repeated: repeated.length, ...estimates, positionFlips };
}

function raterFigures({ labels }: LabelSet, rated: readonly Rated[], resamples: number): RaterFigures {
  const shared = rated.filter((one) => one.labels.length > 1);
  return {
    raters: new Set(labels.map(({ rater }) => rater)).size,
    shared: shared.length,
    alpha: clusteredEstimate(
      shared,
      (sample) =>
        krippendorffsAlpha(
          sample.map((one) => one.labels.map(({ score }) => score)),
          'interval',
        ),
      { resamples },
    ),
  };
}
