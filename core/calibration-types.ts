/** What is known of a judge's worth: labels, answers, and the record of how they agree. Serialisable, date-free. */

import type { Estimate } from './statistics/estimate.ts';
import type { Cause, Verdict } from './reward-types.ts';

/* ---- what goes in ------------------------------------------------------------------------------------------- */

/** The truth of one criterion on one trajectory, as a person says it or as a planted defect fixes it. */
export interface Label {
  /** `keyText` of the trajectory; `null` where only the task is named, which must then have one trajectory. */
  readonly trajectory: string | null;
  readonly task: string | null;
  readonly criterion: string;
  /** 0..1; 0 or 1 for a plain no or yes. */
  readonly score: number;
  readonly rater: string;
  readonly source: 'planted' | 'human';
  /** Trajectories to be compared with each other; `null`: those of a task. */
  readonly group: string | null;
  /** What figures are split by, e.g. `{ family: 'sql-answer', kind: 'wrong-tool' }`. */
  readonly tags: Readonly<Record<string, string>>;
  /** Line of its file, from 1. */
  readonly line: number;
}

export interface LabelSet {
  /** As the user named it. */
  readonly file: string;
  /** SHA-256 (hex) of the labels, whatever their order. */
  readonly hash: string;
  readonly labels: readonly Label[];
  /** Slots of the file that nobody has filled in, or that cannot be. */
  readonly open: number;
}

/** Which judge: what must be equal for its verdicts to be comparable. */
export interface JudgeIdentity {
  /** e.g. `code`, `ollama:qwen3:4b`. */
  readonly name: string;
  /** Version of model and code, e.g. a model's digest. */
  readonly build: string;
  /** SHA-256 (hex) of its prompt; `null` for a judge without one. */
  readonly prompt: string | null;
}

/** One answer of a judge. Several to the same trajectory and criterion are repeated votes. */
export interface JudgedVerdict {
  /** `keyText`. */
  readonly trajectory: string;
  readonly task: string;
  readonly verdict: Verdict;
  readonly cause?: Cause;
  /** Place from 0 in the order in which the judge was shown it among others. */
  readonly position?: number;
  /** Length of what was judged, in any one unit. */
  readonly length?: number;
}

/* ---- what comes out ----------------------------------------------------------------------------------------- */

/** One bin of the calibration curve. */
export interface CurvePoint {
  readonly count: number;
  readonly meanScore: number;
  /** Share of what is true. */
  readonly share: Estimate;
}

/** How a judge's answers agree with the truth; `null` where the sample does not define a figure: `notes` say why. */
export interface AgreementFigures {
  /** Trajectory and criterion, labelled and scored. */
  readonly items: number;
  readonly tasks: number;
  /** Share of what is true. */
  readonly prevalence: Estimate | null;
  readonly accuracy: Estimate | null;
  /** Accuracy of the best constant answer, whose balanced accuracy is .5. */
  readonly constantAccuracy: Estimate | null;
  readonly balancedAccuracy: Estimate | null;
  readonly sensitivity: Estimate | null;
  readonly specificity: Estimate | null;
  readonly kappa: Estimate | null;
  /** Krippendorff's α of judge and truth: of decisions, and of scores (interval). */
  readonly alpha: Estimate | null;
  readonly alphaOfScores: Estimate | null;
  readonly areaUnderCurve: Estimate | null;
  readonly brier: Estimate | null;
  readonly constantBrier: Estimate | null;
  readonly calibrationError: Estimate | null;
  /** Calibration error that a perfectly calibrated judge with these scores would show: its mean and 95 % quantile. */
  readonly errorIfCalibrated: { readonly mean: number; readonly upper: number } | null;
  /** Partial rank correlation of score and length, and of score and place shown, at equal truth. */
  readonly lengthBias: Estimate | null;
  readonly positionBias: Estimate | null;
  readonly notes: readonly string[];
}

/** What the judge does to group-relative advantages of one group size. */
export interface FlipFigures {
  readonly size: number;
  /** Groups that are large enough. */
  readonly groups: number;
  readonly flipped: Estimate | null;
  readonly lost: Estimate | null;
  readonly invented: Estimate | null;
}

/** The judge's order of trajectories within their groups, by reward. */
export interface GroupFigures {
  /** Groups of two trajectories or more, and those of them whose true rewards differ. */
  readonly groups: number;
  readonly varied: number;
  readonly spearman: Estimate | null;
  readonly kendall: Estimate | null;
  readonly flips: readonly FlipFigures[];
}

/** The judge against itself. */
export interface VoteFigures {
  /** Trajectory and criterion with two usable votes or more. */
  readonly repeated: number;
  readonly selfConsistency: Estimate | null;
  readonly unanimous: Estimate | null;
  /** Variance of the scores of the same thing. */
  readonly variance: Estimate | null;
  /** Share of pairs of votes at different places that differ. */
  readonly positionFlips: Estimate | null;
}

/** The raters among themselves: no judge can be asked to agree with them better. */
export interface RaterFigures {
  readonly raters: number;
  /** Labelled by two raters or more. */
  readonly shared: number;
  readonly alpha: Estimate | null;
}

/** A criterion's share of yes over verdicts without a label, corrected for the judge's errors. */
export interface CorrectedRate {
  readonly criterion: string;
  /** Scored verdicts without a label, and labelled ones. */
  readonly judged: number;
  readonly labelled: number;
  readonly said: Estimate | null;
  readonly roganGladen: Estimate | null;
  /** From human labels alone: planted ones are no sample of what was judged. */
  readonly predictionPowered: Estimate | null;
  readonly notes: readonly string[];
}

export interface CalibrationCounts {
  readonly labels: number;
  /** Slots without a label, in no figure; absent in records from before they were counted. */
  readonly open?: number;
  /** Trajectory and criterion with a label. */
  readonly labelled: number;
  /** Labelled things of which raters say yes and no equally often; they are in no figure. */
  readonly disputed: number;
  /** Labelled things that the judge was never asked about, and those to which it gave no usable answer. */
  readonly unjudged: number;
  readonly withheld: number;
  readonly verdicts: number;
  readonly scored: number;
  readonly refused: number;
  readonly unparseable: number;
  readonly failed: number;
  /** Scores that are no number within 0..1. */
  readonly invalid: number;
  /** Unscored for another reason. */
  readonly unscored: number;
  /** Judged things without a label. */
  readonly unlabelled: number;
}

/** What reports carry of a calibration: which judge, by which labels, how good. */
export interface CalibrationStamp extends JudgeIdentity {
  /** Hash of the label set. */
  readonly labels: string;
  readonly items: number;
  readonly tasks: number;
  /** Usable answers as a share of labelled things that the judge was asked about. */
  readonly answered: number | null;
  readonly balancedAccuracy: {
    readonly value: number;
    readonly low: number | null;
    readonly high: number | null;
  } | null;
}

export interface Calibration {
  readonly version: 1;
  readonly stamp: CalibrationStamp;
  /** Score from which on an answer is a yes. */
  readonly threshold: number;
  readonly counts: CalibrationCounts;
  readonly overall: AgreementFigures;
  /** Calibration curve of all scores, in at most ten bins of about equal count. */
  readonly curve: readonly CurvePoint[];
  readonly byCriterion: Readonly<Record<string, AgreementFigures>>;
  /** By `name=value` of the labels' tags. */
  readonly byTag: Readonly<Record<string, AgreementFigures>>;
  readonly groups: GroupFigures;
  readonly votes: VoteFigures;
  readonly raters: RaterFigures;
  readonly corrected: readonly CorrectedRate[];
}

/* ---- attacks ------------------------------------------------------------------------------------------------ */

/** How often a judge passes what it failed before it was dressed up; the unit is a broken criterion of an episode. */
export interface AttackFigures {
  /** Broken criteria of attacked episodes. */
  readonly pairs: number;
  /** Those that the judge passes without any attack: no attack is needed there. */
  readonly passedPlain: number;
  /** Those of which it gave no usable answer plain, or dressed. In no share. */
  readonly withheldPlain: number;
  readonly withheldDressed: number;
  /** Failed plain and answered dressed: what `rate` is a share of. */
  readonly failed: number;
  readonly fooled: number;
  /** `null` where the judge failed nothing plain. */
  readonly rate: Estimate | null;
  /** Mean of the dressed score less the plain one over pairs that were answered twice. */
  readonly lift: Estimate | null;
}

export interface AttackRates {
  readonly version: 1;
  readonly judge: JudgeIdentity;
  /** Hash of the label set. */
  readonly labels: string;
  readonly threshold: number;
  readonly overall: AttackFigures;
  readonly byAttack: Readonly<Record<string, AttackFigures>>;
}

/** What reports carry of it. */
export interface AttackStamp extends JudgeIdentity {
  /** Hash of the label set. */
  readonly labels: string;
  /** Broken criteria that the judge failed plain and answered dressed, and those of them that passed dressed up. */
  readonly failed: number;
  readonly fooled: number;
  readonly rate: Estimate | null;
  /** The attack that succeeds most often; `null` where none does. */
  readonly worst: { readonly attack: string; readonly failed: number; readonly fooled: number } | null;
}

/* ---- what follows from it ----------------------------------------------------------------------------------- */

/** Sets of thresholds, by name; `judges/calibration/fitness.ts` says what they are. */
export const fitnessNames = ['lenient', 'strict'] as const;
export type FitnessName = (typeof fitnessNames)[number];

/** What becomes of a training whose judge is unfit for a criterion: none, one without it, or one as if nobody knew. */
export const unfitPolicies = ['refuse', 'down-weight', 'accept'] as const;
export type UnfitPolicy = (typeof unfitPolicies)[number];

/** How often a judge is right of what holds and of what does not, each 0..1. */
export interface JudgeErrors {
  readonly sensitivity: number;
  readonly specificity: number;
  /** Of a score, where errors are of degree; absent: a score is right or turned round, and the two above tell. */
  readonly variance?: number;
}

/** How far each criterion of a judge may be trusted: its weight is multiplied by the factor, 0..1; 0 refuses it. */
export interface Fitness {
  readonly thresholds: FitnessName;
  readonly criteria: Readonly<Record<string, { readonly factor: number; readonly why: string }>>;
}
