import type { Estimate } from '../../core/statistics/estimate.ts';

/** How a run ended, for people, programs and continuous integration; made of its records when it is over. */
export interface RunEnd {
  readonly run: string;
  readonly suite: string;
  readonly folder: string;
  readonly page: string;
  readonly rows: readonly EndRow[];
  /** Every planned episode that did not do its task. */
  readonly failing: readonly Failing[];
  /** What ceilings cut, and which policies were given up: a sentence for each. */
  readonly stopped: readonly string[];
}

/** One policy on one split, in one view, with one execution. */
export interface EndRow {
  /** As the run calls it: with its view where the run has several, and with its execution where that is not `calls`. */
  readonly policy: string;
  /** Of a run in several views, or with several executions: this one, and the mean over episodes of the longest prompt. */
  readonly view?: string;
  readonly execution?: string;
  readonly peakTokens?: number | null;
  readonly split: string;
  readonly tasks: number;
  readonly repeats: number;
  readonly episodes: number;
  /** Of the episodes, those that are in no figure; and of the plan those that were not played. */
  readonly void: number;
  /** Of the episodes, those in which code found nothing wrong and the rest is for a judge: in no share of success. */
  readonly forJudge: number;
  readonly unplayed: number;
  /** Of the episodes, those whose checks were true at the end although the policy never called `finish`: they count as solved. */
  readonly unfinished: number;
  /** `null`: every episode is void, or none was played. */
  readonly success: Estimate | null;
  /** Of several repeats: the share of tasks that at least one of them solved, and that all of them did. */
  readonly passAny?: Estimate | null;
  readonly passAll?: Estimate | null;
  /** Means of an episode: prompts and output by our count, decisions, and seconds of the clock with others beside it. */
  readonly tokens: number | null;
  readonly turns: number | null;
  readonly seconds: number | null;
  readonly money: Money;
}

/** What the episodes cost: nothing where no endpoint was paid, `unknown` where nobody knows the price. */
export type Money =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'known'; readonly amount: number; readonly currency: string; readonly source: string };

/** An episode of the plan, and how it ended. */
export interface Failing {
  readonly policy: string;
  readonly split: string;
  readonly task: string;
  readonly repetition: number;
  readonly kind: 'failed' | 'void' | 'unplayed' | 'for a judge';
  /** The first check that failed and what was found, or what broke. */
  readonly reason: string;
}
