import type { Action, Task, Tool } from '../../core/types.ts';
import type { Draw } from '../../suites/tasks/draw.ts';

/** What a defect is planted into. */
export interface PlantingContext {
  readonly task: Task;
  /** Content from the task's own pool, so that nothing invented gives away that it is. */
  readonly draw: Draw;
  /** Every tool that the episode offers. */
  readonly tools: readonly Tool[];
}

/** What a policy with this defect does, from its first action to its last. */
export interface Script {
  readonly actions: readonly Action[];
  /** Server at which the defect sits. */
  readonly server: string;
}

/**
 * One way of doing a task that breaks exactly known criteria of its rubric, as `judges/rubric/criteria.ts` words them: read
 * as a careful stranger would, not as `judges/code/measures.ts` counts. The file `meta-evaluation/defects/kinds/<name>.ts`
 * default-exports one.
 *
 * The statement is checked against what came of it (`true-labels.ts`): where they differ, nothing is labelled.
 */
export interface Defect {
  readonly name: string;
  readonly summary: string;
  /** It sits in a program, and its script writes one; absent: in calls that are made one at a time. */
  readonly execution?: 'programs';
  /** Ids of the criteria that it breaks; none for a sound way that only looks different. */
  readonly breaks: readonly string[];
  /** Ids of those of which it says nothing, since tasks differ in it. All others are met. */
  readonly open?: readonly string[];
  /** `null` where the defect does not fit the task. Pure. */
  readonly apply: (ground: PlantingContext) => Script | null;
}

/** What an end state lacks, and what follows from that. */
export const undone = ['changes-made', 'exactly-done', 'finished-when-done'] as const;
