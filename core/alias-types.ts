import type { Json } from './json.ts';

/** Splits of tasks have names of their own: those of one vocabulary are in no other. */
export const vocabularies = ['train', 'validation', 'test'] as const;
export type VocabularyName = (typeof vocabularies)[number];

/** Descriptions that a user gives to draw from: of servers by name, of tools by `SERVER.TOOL`. */
export interface Paraphrases {
  readonly servers: Readonly<Record<string, readonly string[]>>;
  readonly tools: Readonly<Record<string, readonly string[]>>;
}

/** Other names for what tasks are offered, as the user asked for them; what a manifest keeps. */
export interface Aliasing {
  /** As the user wrote it, e.g. `0.5?seed=2`. */
  readonly asked: string;
  /** Share of the names that are replaced, above 0 and at most 1. */
  readonly share: number;
  /** Tells one draw from another. */
  readonly seed: number;
  /** Tasks of all families with the same number in a split go by the same names; absent: each task has names of its own. */
  readonly per?: 'number';
  /** SHA-256 (hex) of the words that names are made of: from others, other names would be drawn. */
  readonly vocabulary: string;
  /** Content of the user's file of descriptions; absent: none was given. */
  readonly paraphrases?: Paraphrases;
}

/** What decides the names of one task: all of them can be drawn again from it and from what the task's servers offer. */
export interface AliasDraw extends Pick<Aliasing, 'share' | 'paraphrases'> {
  /** Of this task. */
  readonly seed: number;
  readonly vocabulary: VocabularyName;
  /** Servers whose names, tools and descriptions are never drawn. */
  readonly heldOutServers: readonly string[];
}

/** A tool by its real name, and what it and its parameters are called instead. */
export interface ToolNames {
  readonly tool: string;
  readonly alias: string;
  /** Parameter → what it is called, in the order in which they are shown. */
  readonly parameters: readonly (readonly [parameter: string, alias: string])[];
}

export interface ServerNames {
  readonly server: string;
  readonly alias: string;
  /** In the order in which they are shown. */
  readonly tools: readonly ToolNames[];
}

/** Servers in the order in which they are shown. */
export type Names = readonly ServerNames[];

/** A call by names of one of the two kinds. */
export interface NamedCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, Json>>;
}

/**
 * What the names that an episode used stand for, as its record holds it: alias of a server → its real name, and alias of a tool
 * that was loaded or called → its real name, with those of its parameters that are called otherwise.
 */
export type RecordedNames = Readonly<Record<string, RecordedServerNames>>;

export interface RecordedServerNames {
  readonly server: string;
  readonly tools: Readonly<Record<string, RecordedToolNames>>;
}

export interface RecordedToolNames {
  readonly tool: string;
  readonly parameters: Readonly<Record<string, string>>;
}
