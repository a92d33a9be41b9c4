import type { Cause } from './reward-types.ts';
import { isOwnSuiteName } from './task-id.ts';

/**
 * What a judge may be asked without a file: the criteria that a task file states (`task`), those of the reference plan (`plan`), those of
 * the outcome that goal and start alone tell (`end-state`), one holistic score (`generic`). `judges/rubric/kinds.ts` makes them.
 */
export const rubricKinds = ['task', 'plan', 'end-state', 'generic'] as const;
export type RubricKind = (typeof rubricKinds)[number];

/** A rubric as a user names it: a kind, or the path of a rubric file. */
export type RubricName = RubricKind | `${string}.jsonl`;

/** Rubrics that a model or people wrote (`judges/rubric/rubrics.schema.json`). */
export interface RubricFile {
  readonly file: string;
  /** SHA-256 (hex) of its text. */
  readonly hash: string;
  /** The models that wrote them; empty: people. */
  readonly by: readonly string[];
  /** Judged tasks of which no reply could be used, by the reason; their episodes have no rubric reward. */
  readonly without: Readonly<Partial<Record<Cause, number>>>;
}

export const isRubricKind = (name: string): name is RubricKind => (rubricKinds as readonly string[]).includes(name);

/** What tasks of a suite are judged by where nobody says otherwise: those of a task file by what it states, the house's by their plans. */
export const usualRubric = (suite: string): RubricKind => (isOwnSuiteName(suite) ? 'task' : 'plan');
