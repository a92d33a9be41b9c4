import type { Execution } from '../../core/execution.ts';

/** A scalar feature with the weight it starts from: generic knowledge of tool use, none of tasks or servers. */
export type Scalar = readonly [name: string, prior: number];

export type HeadName = 'kind' | 'load' | 'call' | 'optional' | 'argument' | 'answer' | 'batch' | 'reference';

export interface Head {
  readonly name: HeadName;
  readonly scalars: readonly Scalar[];
  /** Entropy (natural log) to hold at the start and at the end of a training. */
  readonly entropyTarget: readonly [number, number];
}

const kind: readonly Scalar[] = [
  ['load: nothing loaded', 3],
  ['load: a loaded tool was never called', -2],
  ['load: all loaded tools were called and words of the prompt are unused', 1.5],
  ['load: best match among loadable less best among loaded', 1],
  ['load: nothing of the prompt is unused', -2],
  ['load: turns', 0],
  ['load: the last result answers a word of the prompt', 0.5],
  ['call: a loaded tool was never called', 2],
  ['call: words of the prompt are unused', 0.5],
  ['call: nothing of the prompt is unused', -1.5],
  ['call: the last call failed', 0],
  ['call: best match among loaded', 1],
  ['call: turns', 0],
  ['call: the last result answers a word of the prompt', 0],
  ['finish: always', -1.5],
  ['finish: some call succeeded', 0.5],
  ['finish: nothing of the prompt is unused, and some call succeeded', 3],
  ['finish: a loaded tool was never called', -1],
  ['finish: share of the prompt used', 1],
  ['finish: turns', 0.5],
  ['finish: the last call failed', -0.5],
  ['finish: no mention is unused', 0.5],
  ['finish: no call succeeded', -2],
  ['finish: the last result answers a word of the prompt', -0.5],
  ['finish: the prompt seeks something and nothing was read yet', -0.5],
  ['finish: an answer is asked for, and only keys of what was found are unused', 3],
  ['list: always', -3],
  ['list: no tool names known', 5],
];

const load: readonly Scalar[] = [
  ['always', 0],
  ['name matches the words in focus', 3],
  ['name matches the sentence in focus', 2],
  ['name matches the prompt', 2],
  ['name matches the words around some unused span', 1],
  ['server matches the words in focus', 1.5],
  ['server matches the sentence in focus', 1],
  ['server matches the prompt', 1],
  ['server matches the words around some unused span', 0.5],
  ['best name match in focus', 0.5],
  ['best name match of the prompt', 0.5],
  ['server has a loaded tool', 0],
  ['server of the last call', 0],
  ['words in the name', -0.1],
  ['server is named in the prompt', 1],
  ['tool is named in the prompt', 2],
  ['name and server both match the sentence in focus', 2],
  ['looks up what the prompt seeks and nothing was read yet', 1.5],
];

const call: readonly Scalar[] = [
  ['always', 0],
  ['never called', 2],
  ['successful calls', -0.5],
  ['failed calls', -2],
  ['loaded last', 0.5],
  ['name matches the words in focus', 3],
  ['name matches the sentence in focus', 2],
  ['name matches the prompt', 1],
  ['name matches the words around some unused span', 1],
  ['description matches the words in focus', 1],
  ['description matches the sentence in focus', 0.5],
  ['server matches the words in focus', 1],
  ['server matches the sentence in focus', 1],
  ['arguments match the words in focus', 0.5],
  ['arguments match the sentence in focus', 0.5],
  ['the last call, and it succeeded', -0.5],
  ['the last call, and it failed', -1],
  ['required values', 0],
  ['unused spans suffice for the required values', 1],
  ['no required values', -0.5],
  ['deprecated', -2],
  ['server of the last call', 0],
  ['path-like spans suffice for the required paths', 0.5],
  ['looks up what the prompt seeks and nothing was read yet', 1.5],
];

const optional: readonly Scalar[] = [
  ['none', 1],
  ['first property', 0.5],
  ['plain text property', 0.5],
  ['property matches the words in focus', 1],
  ['property matches the sentence in focus', 1],
  ['property matches the tool', 0.5],
  ['has a default', -2],
];

const argument: readonly Scalar[] = [
  ['from the prompt', 0.5],
  ['from a result', 0],
  ['from the schema', 1],
  ['quoted in the prompt', 1],
  ['unused', 1.5],
  ['first unused', 1],
  ['spans after the first unused', -1],
  ['before the first unused', -0.5],
  ['next unused after the last chosen', 1.5],
  ['chosen in this call', -3],
  ['used by a successful call', -0.5],
  ['used for the same argument of the same tool', -2],
  ['failed for the same argument of the same tool', -1],
  ['key of a result', -2],
  ['from the last result', 0.5],
  ['from a result where content is wanted', 0.5],
  ['from a result where no span is left', 2],
  ['path where a path is wanted', 2],
  ['no path where a path is wanted', -0.5],
  ['spaces where a path is wanted', -3],
  ['path where content is wanted', -1.5],
  ['several words where content is wanted', 1],
  ['several words where a name is wanted', 0],
  ['a clause where content is wanted', 1],
  ['a clause where a name is wanted', -2],
  ['argument is named just before it', 1.5],
  ['argument is named in its sentence', 0.5],
  ['answers a quoted key', 2.5],
  ['echoes the call or reports a status', -3],
  ['number', 0],
  ['file extension where a file is wanted', 1],
  ['file extension where a folder or project is wanted', -1],
  ['capitalised', 0],
  ['default of the schema', 0.5],
  ['option is quoted in the prompt', 3],
  ['option is a word of the prompt', 1.5],
  ['tool is named in its neighbourhood', 0.5],
  ['composed of two spans', -1],
  ['left out', -1],
];

const answer: readonly Scalar[] = [
  ['none', 2],
  ['answers a quoted key', 2.5],
  ['key is named where the answer is asked for', 2],
  ['beside a value of the prompt', 1],
  ['answers a quoted key beside a value of the prompt', 1.5],
  ['from the last result', 1.5],
  ['first of its result', 0.5],
  ['repeats the prompt', -2],
  ['used by a successful call', -1],
  ['echoes the call or reports a status', -2],
  ['number', 0],
  ['no number where a number is asked for', -0.5],
  ['file extension where a file is asked for', 2],
  ['part of a line', -0.5],
  ['several values', -1],
  ['several values where several are asked for', 3],
  ['one value where several are asked for', -1],
  // Of an answer that is put together value by value.
  ['its key is quoted next', 2],
  ['no further value', 1],
  ['no further value: every quoted key is answered', 4],
];

const batch: readonly Scalar[] = [
  ['run: always', 0],
  ['run: nothing of the prompt is unused', 3],
  ['run: the program looks something up', 1],
  ['run: the prompt seeks something and nothing was read yet', 1],
  ['run: the last call failed', 0.5],
  ['run: the last call of the program repeats another', 3],
  ['run: the last call of the program takes from one of its own tool', 3],
  ['run: calls in the program', 0],
  ['go on: words of the prompt are unused', 0.5],
  ['go on: a loaded tool was never called', 0.5],
  ['go on: best match among loaded', 1],
  ['go on: what can be loaded matches better', -1],
  ['go on: unused spans suffice for the best match', 0.5],
  ['go on: unused spans suffice for the same tool again', 0.5],
  ['go on: a result answers a word of the prompt', 0],
];

const reference: readonly Scalar[] = [
  ['known: always', 4.5],
  ['known: the argument is named just before an unused span', 1],
  ['known: a path is wanted', 1],
  ['known: an earlier result answers a word of the prompt', 1],
  ['whole result', -1],
  ['part of a result', -1.5],
  ['line of a result', -1.5],
  ['its key is quoted', 0],
  ['its key is the first unused word', 0.5],
  ['its key is quoted, and the prompt seeks something', 3],
  ['of the last call', 0.5],
  ['of a call that looks something up', 0.5],
  ['of a call of the same tool', -2],
  ['named like the argument', 1],
  ['named in the prompt', 1.5],
  ['content is wanted', 1],
  ['a path is wanted', -1],
  ['no span is left but its key', 1.5],
  ['something is taken of its result already', -0.5],
];

/** Order is part of the network's signature: entropies and losses are reported in it. */
export const heads: readonly Head[] = [
  { name: 'kind', scalars: kind, entropyTarget: [0.3, 0.03] },
  { name: 'load', scalars: load, entropyTarget: [0.8, 0.05] },
  { name: 'call', scalars: call, entropyTarget: [0.3, 0.03] },
  { name: 'optional', scalars: optional, entropyTarget: [0.2, 0.02] },
  { name: 'argument', scalars: argument, entropyTarget: [0.4, 0.04] },
  { name: 'answer', scalars: answer, entropyTarget: [0.3, 0.03] },
];

/** Heads of a policy that calls tools in this way. Those that programs add come last, so that all others begin alike. */
export const headsOf = (execution: Execution): readonly Head[] =>
  execution === 'calls' ? heads : [...heads, ...programHeads];

const programHeads: readonly Head[] = [
  { name: 'batch', scalars: batch, entropyTarget: [0.3, 0.03] },
  { name: 'reference', scalars: reference, entropyTarget: [0.15, 0.015] },
];

/** Numbers per candidate: the head's scalars, filled up with zeros to whole SIMD registers. */
export const scalarCount = ({ scalars }: Head): number => (scalars.length + 3) & ~3;

/** Collects the scalars of one question's candidates by name. */
export interface ScalarTable {
  readonly values: Float32Array;
  readonly set: (candidate: number, name: string, value: number) => void;
}

const layouts = new Map(
  headsOf('both').map((head) => {
    const columns = new Map(head.scalars.map(([scalar], column) => [scalar, column]));
    return [head.name, { columns, width: scalarCount(head) }];
  }),
);

export function makeScalars(head: HeadName, candidates: number): ScalarTable {
  const { columns, width } = layouts.get(head) ?? { columns: new Map<string, number>(), width: 0 };
  const values = new Float32Array(candidates * width);
  return {
    values,
    set: (candidate, name, value) => {
      const column = columns.get(name);
      if (column === undefined) throw new RangeError(`Head ${head} has no scalar "${name}".`);
      values[candidate * width + column] = value;
    },
  };
}

/** A situation in numbers: what the question of what to do next says of it, the scalars of all its candidates together. */
export function situationNumbers(kindScalars: Float32Array): Float32Array {
  const sums = new Float32Array(situationSize);
  kindScalars.forEach((value, i) => {
    sums[i % situationSize] = (sums[i % situationSize] as number) + value;
  });
  return sums;
}

export const situationSize = layouts.get('kind')?.width ?? 0;
