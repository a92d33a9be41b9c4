import type { Json } from '../../core/json.ts';
import type { Reference } from '../../core/plan.ts';
import type { Action, Observation } from '../../core/types.ts';
import { clauseOf, type Prompt } from './prompt.ts';
import { findingsOf, type Finding } from './results.ts';
import type { ArgumentReach, Leaf } from './schema.ts';
import type { ToolReading } from './tools.ts';

/** A call under way: what was chosen for each leaf. */
export interface PendingCall {
  readonly tool: ToolReading;
  readonly leaves: readonly Leaf[];
  readonly values: readonly (Json | undefined)[];
  /** Mention that is the key under which each value stands in a result; −1 for none. */
  readonly keys: readonly number[];
  /** What is taken of results of earlier calls of the same program; its value is not known before the program has run. */
  readonly references: readonly (Reference | undefined)[];
}

interface Tally {
  succeeded: number;
  failed: number;
}

/** What an episode has done so far; changed by observations only. */
export interface Memory {
  turns: number;
  readonly tallies: Map<string, Tally>;
  last: { readonly key: string; readonly server: string; readonly isOk: boolean } | undefined;
  successes: number;
  /** A tool that looks things up has succeeded. */
  hasRead: boolean;
  /** Mentions of the prompt that a successful call has used up. */
  readonly used: boolean[];
  readonly usedValues: Set<string>;
  readonly usedLeaves: Set<string>;
  readonly failedLeaves: Set<string>;
  /** What tools or servers were searched for with. */
  readonly searched: Set<string>;
  /** Newest first; the first `fresh` are those of the last successful call. */
  findings: readonly Finding[];
  readonly reach: ArgumentReach;
  fresh: number;
  /** Calls of the program that is being written. */
  readonly awaited: readonly PendingCall[];
  /** What is unused now; worked out anew after each success. */
  unused: Unused;
}

/** Counted mentions that no successful call has used up, in order, and how many of their values were never used. */
export interface Unused {
  readonly mentions: readonly number[];
  readonly values: number;
}

/** An answer out of several results wants those of all of them. */
const mostFindings: Readonly<Record<ArgumentReach, number>> = { required: 40, all: 160 };

export const toolKey = (server: string, name: string): string => `${server}\u0000${name}`;
export const leafKey = (tool: ToolReading, leaf: Leaf, value: Json | undefined): string =>
  JSON.stringify([tool.server.name, tool.name, leaf.path, value ?? null]);

export function makeMemory(prompt: Prompt, reach: ArgumentReach): Memory {
  const used = prompt.mentions.map(() => false);
  const usedValues = new Set<string>();
  return {
    turns: 0,
    tallies: new Map(),
    last: undefined,
    successes: 0,
    hasRead: false,
    used,
    usedValues,
    usedLeaves: new Set(),
    failedLeaves: new Set(),
    searched: new Set(),
    findings: [],
    reach,
    fresh: 0,
    awaited: [],
    unused: unusedOf(used, usedValues, prompt),
  };
}

/** What counts of an episode once the user has asked for something else: what was found, and what came of nothing. */
export const memoryAfter = ({ turns, findings, failedLeaves, searched, reach }: Memory, prompt: Prompt): Memory => ({
  ...makeMemory(prompt, reach),
  turns,
  findings,
  failedLeaves,
  searched,
});

/** What to search for here and now: the words around the mention in focus; `undefined` where they were searched for. */
export function unsearched(prompt: Prompt, { unused, searched }: Memory): string | undefined {
  const query = clauseOf(prompt, unused.mentions[0] ?? -1);
  return searched.has(query) ? undefined : query;
}

/** Takes in that tools or servers are searched for: the same words find the same. */
export function noteSearch({ searched }: Memory, { name, arguments: args }: Action): void {
  const { query } = args;
  if ((name === 'search_tools' || name === 'list_servers') && typeof query === 'string') searched.add(query);
}

/** Takes in what calls brought that were made together, in their order; what all of them brought is fresh. */
export function rememberAll(
  memory: Memory,
  prompt: Prompt,
  calls: readonly PendingCall[],
  observations: readonly Pick<Observation, 'text' | 'isError'>[],
): void {
  let fresh = 0;
  calls.forEach((call, i) => {
    const observation = observations[i];
    if (observation === undefined) return;
    remember(memory, prompt, call, observation);
    if (!observation.isError) fresh += memory.fresh;
  });
  if (fresh > 0) memory.fresh = fresh;
}

/** A memory as it will be if the call succeeds, but for what it will bring. */
export function memoryExpecting(memory: Memory, prompt: Prompt, call: PendingCall): Memory {
  const expected: Memory = {
    ...memory,
    tallies: new Map([...memory.tallies].map(([key, tally]) => [key, { ...tally }])),
    used: [...memory.used],
    usedValues: new Set(memory.usedValues),
    usedLeaves: new Set(memory.usedLeaves),
    awaited: [...memory.awaited, call],
  };
  noteSuccess(expected, prompt, call);
  return expected;
}

function remember(
  memory: Memory,
  prompt: Prompt,
  call: PendingCall,
  observation: Pick<Observation, 'text' | 'isError'>,
): void {
  if (observation.isError) {
    noteEnd(memory, call, false).failed += 1;
    call.values.forEach((value, i) => {
      if (!isOpen(call, i)) memory.failedLeaves.add(leafKey(call.tool, call.leaves[i] as Leaf, value));
    });
    return;
  }
  noteSuccess(memory, prompt, call);
  const found = findingsOf(observation, call.values.map(String), prompt);
  memory.fresh = found.length;
  memory.findings = [...found, ...memory.findings].slice(0, mostFindings[memory.reach]);
}

function noteEnd(memory: Memory, { tool }: PendingCall, isOk: boolean): Tally {
  const key = toolKey(tool.server.name, tool.name);
  const tally = memory.tallies.get(key) ?? { succeeded: 0, failed: 0 };
  memory.tallies.set(key, tally);
  memory.last = { key, server: tool.server.name, isOk };
  return tally;
}

function noteSuccess(memory: Memory, prompt: Prompt, call: PendingCall): void {
  noteEnd(memory, call, true).succeeded += 1;
  memory.successes += 1;
  if (call.tool.reads) memory.hasRead = true;
  call.values.forEach((value, i) => {
    const key = call.keys[i] ?? -1;
    if (key >= 0) memory.used[key] = true;
    if (isOpen(call, i)) return;
    memory.usedLeaves.add(leafKey(call.tool, call.leaves[i] as Leaf, value));
    if (typeof value !== 'string' && typeof value !== 'number') return;
    memory.usedValues.add(String(value));
    useUp(memory, prompt, String(value));
  });
  memory.unused = unusedOf(memory.used, memory.usedValues, prompt);
}

/** Whether nobody knows what a reference stands for: its program has not run, or what it brought cannot be read. */
const isOpen = ({ values, references }: PendingCall, i: number): boolean =>
  references[i] !== undefined && values[i] === undefined;

/** Marks the first unused mention of the value; where there is none, mentions that the value contains. */
function useUp(memory: Memory, prompt: Prompt, value: string): void {
  const exact = prompt.mentions.findIndex((mention, i) => mention.value === value && !memory.used[i]);
  if (exact >= 0) {
    memory.used[exact] = true;
    return;
  }
  prompt.mentions.forEach((mention, i) => {
    if (mention.value.length > 2 && mention.value !== value && value.includes(mention.value)) memory.used[i] = true;
  });
}

function unusedOf(used: readonly boolean[], usedValues: ReadonlySet<string>, prompt: Prompt): Unused {
  const mentions = prompt.counted.filter((i) => !used[i]);
  const values = new Set(
    mentions.map((i) => prompt.mentions[i]?.value ?? '').filter((value) => !usedValues.has(value)),
  );
  return { mentions, values: values.size };
}
