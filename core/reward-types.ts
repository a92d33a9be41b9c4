/** Rubrics, what judges say of them, and what a policy is rewarded by; truth apart. */

/** The paper's four categories (ATLAS §3.1): task fulfilment, tool appropriateness, tool grounding, parameter accuracy. */
export type Category = 'task-fulfilment' | 'tool-appropriateness' | 'tool-grounding' | 'parameter-accuracy';

export interface Criterion {
  /** Unique in its rubric. A code judge finds its check by this id. */
  readonly id: string;
  readonly category: Category;
  readonly description: string;
  /** 1–10; −10 to −1 for a criterion that describes a fault, whose score subtracts. */
  readonly weight: number;
}

export interface Rubric {
  /** The paper's twelve criteria, one holistic score (its generic arm), or any number of a user's own. */
  readonly form: 'atlas' | 'generic' | 'free';
  readonly criteria: readonly Criterion[];
}

/** Why a judge gave no score although the criterion applies: it declined, wrote something else, or never answered. */
export const causes = ['refused', 'unparseable', 'failed'] as const;
export type Cause = (typeof causes)[number];

/** What else is known of an answer. */
interface Answer {
  readonly criterion: string;
  /** Place from 0 in the order in which the judge was shown it among others. */
  readonly position?: number;
  /** The single answers of a judge that was asked several times. */
  readonly votes?: readonly Verdict[];
}

/**
 * A judge's answer to one criterion. An unscored one leaves numerator and denominator and is counted; never 0. Without a
 * `cause` the criterion does not apply to the trajectory.
 */
export type Verdict =
  | (Answer & { readonly state: 'scored'; readonly score: number })
  | (Answer & { readonly state: 'unscored'; readonly reason: string; readonly cause?: Cause });

/** Ways to make one reward of a rubric's verdicts; `judges/rubric/rubric.ts` says each. */
export const formulaNames = ['weight-proportional', 'equal', 'example', 'all-in-one', 'gated'] as const;
export type FormulaName = (typeof formulaNames)[number];

/** One criterion's part in a rubric's reward: weight × score; `null`: unscored. */
export interface RewardComponent {
  readonly criterion: string;
  readonly weight: number;
  readonly score: number | null;
}

/** Forms of rubrics that a model can be asked for. */
export const writtenForms = ['atlas', 'free'] as const satisfies readonly Rubric['form'][];
export type WrittenForm = (typeof writtenForms)[number];

export const rewardNames = ['sparse', 'state-share', 'rubric'] as const;
export type RewardName = (typeof rewardNames)[number];

/** Named rewards in 0..1; `null` where nothing could be scored. Truth is `Success`, never one of these. */
export type Rewards = Readonly<Record<RewardName, number | null>>;

/** The verifier's word on the end state (truth). */
export interface Success {
  /** The end state equals the expected one. */
  readonly verified: boolean;
  /** Verified, and the policy ended the episode itself by `finish`. */
  readonly properFinish: boolean;
}
