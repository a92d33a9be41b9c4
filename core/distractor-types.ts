import type { Facts } from './facts.ts';

/** Fewest tools that tasks are played among; `all`: those of every server that Toolstone knows, but for the largest one. */
export type ToolCount = number | 'all';

/** Servers that tasks do not need, offered beside their own so that a policy has to choose among many tools. */
export interface Distractors {
  /** As the user asked, e.g. `300?near=0.2`. */
  readonly asked: string;
  /** The user's file of servers that they are drawn from; absent: the servers that Toolstone knows. */
  readonly pool?: string;
  /** One for each set of own servers that tasks of the suite have. */
  readonly sets: readonly DistractedSet[];
  /** What users' own servers among them keep at the start; of the others it is known. */
  readonly facts?: Facts;
}

/** One toolspace: the servers that tasks need, and those around them. */
export interface DistractedSet {
  readonly own: readonly string[];
  /** What their suite offers these tasks, where `own` are those servers alone that they cannot do without. */
  readonly ofSuite?: readonly string[];
  /** Ids of those tasks that policies are measured on, where one run has toolspaces of several sizes. */
  readonly tasks?: readonly string[];
  /** All of them, in the order in which views show them. */
  readonly servers: readonly string[];
  /** Tools of all of them. */
  readonly tools: number;
  /** Tools of servers that are not run: a call gets the answer of an unreachable server. */
  readonly listedTools: number;
  /** Tools of distractors of the same kind as an own server, or with a tool of the same name. */
  readonly nearTools: number;
  /** Tools of distractors that are called like one of the task's own tools; absent in runs of older versions. */
  readonly clashWithOwn?: number;
  /** Tools whose name another server has, too. */
  readonly clashingTools: number;
}
