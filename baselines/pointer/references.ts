import { patternText } from '../../core/pattern-text.ts';
import type { Reference } from '../../core/plan.ts';
import { stemsOf, wordsOf } from '../../core/words.ts';
import { referenceCode, type Taken } from '../programs/value-code.ts';
import type { PendingCall } from './memory.ts';
import type { Mention } from './prompt.ts';
import type { ResultPart } from './result-parts.ts';
import type { Leaf } from './schema.ts';
import type { Situation } from './situation.ts';
import { isPath } from './spans.ts';
import { makeText, type Text } from './text.ts';
import type { ToolReading } from './tools.ts';

/** What an earlier call of the same program will bring, or a part of it. */
export interface Promised {
  readonly reference: Omit<Reference, 'call' | 'argument'>;
  /** The call that brings it. */
  readonly call: PendingCall;
  readonly part: ResultPart;
  /** It is the value of a line `key: value`. */
  readonly isLine: boolean;
  /** The mention of the prompt that is its key; −1 for none. */
  readonly key: number;
  readonly text: Text;
}

/** Parts and lines of one call, and values of all together. */
const most = { parts: 4, lines: 4, values: 16, wordsOfKey: 4 };

/**
 * What a leaf may take of results that the calls of the program under way will bring, the newest first: texts and numbers by what their
 * results look like, but for what a call was given itself, and of a text that is looked up the value of a line that begins with an unused
 * quoted word of the prompt. Equal references are one, so that log-probabilities are exact.
 */
export function promisedTo(situation: Situation, leaf: Leaf): Promised[] {
  const { awaited } = situation.memory;
  if (leaf.values.length > 0 || leaf.type === 'object' || awaited.length === 0) return [];
  const promised = awaited
    .map((call, from) => promisedBy(situation, call, from, leaf))
    .toReversed()
    .flat();
  return [...new Map(promised.map((one) => [codeOf(one.reference), one])).values()].slice(0, most.values);
}

function promisedBy({ prompt, unused, words }: Situation, call: PendingCall, from: number, leaf: Leaf): Promised[] {
  const { tool } = call;
  const wanted = leaf.type === 'string' ? 'string' : 'number';
  const given = new Set(call.leaves.map(({ name }) => name));
  const parts = tool.results.filter(({ type, name }) => type === wanted && !given.has(name));
  const wording = new Set([...prompt.stems, ...stemsOf(leaf.name)]);
  const keyOf = (name: string) => prompt.mentions.findIndex(({ value }) => value.toLowerCase() === name.toLowerCase());
  const isCalledFor = ({ name }: ResultPart) => keyOf(name) >= 0 || stemsOf(name).some((stem) => wording.has(stem));
  const made = (part: ResultPart, key: number, line?: Pick<Taken, 'pattern'>): Promised => ({
    reference: { from, at: part.at, before: '', ...line },
    call,
    part,
    isLine: line !== undefined,
    key,
    text: textOf(tool, line ? undefined : part, words),
  });
  const text = tool.reads ? parts.find(({ isText }) => isText) : undefined;
  const keys = text ? unused().mentions.filter((i) => isKey(prompt.mentions[i])) : [];
  return [
    ...calledForFirst(parts, isCalledFor).map((part) => made(part, keyOf(part.name))),
    ...keys.slice(0, most.lines).map((key) => {
      const pattern = `^${patternText(`${prompt.mentions[key]?.value}: `)}(.*)$`;
      return made(text as ResultPart, key, { pattern });
    }),
  ];
}

/** What a line may be called: neither a path nor a sentence. */
const isKey = (mention: Mention | undefined): boolean =>
  mention?.isQuoted === true && !isPath(mention.value) && mention.value.split(/\s+/).length <= most.wordsOfKey;

/** Whether two references take the same. */
export const isSameReference = (one: Promised['reference'], other: Promised['reference']): boolean =>
  codeOf(one) === codeOf(other);

const codeOf = (reference: Promised['reference']): string => referenceCode(`${reference.from}`, reference);

/** Of many parts those that are called for, before others. */
const calledForFirst = (parts: readonly ResultPart[], isCalledFor: (part: ResultPart) => boolean) =>
  [...parts.filter(isCalledFor), ...parts.filter((part) => !isCalledFor(part))].slice(0, most.parts);

const texts = new WeakMap<ToolReading, Map<ResultPart | undefined, Text>>();

/** By the name of the part, undefined for a line of it, and the tool. */
function textOf(tool: ToolReading, part: ResultPart | undefined, words: Situation['words']): Text {
  const known = texts.get(tool) ?? new Map<ResultPart | undefined, Text>();
  texts.set(tool, known);
  let text = known.get(part);
  if (!text) {
    const kind = part === undefined ? 'line' : part.at.length === 0 ? 'whole' : 'part';
    const parts = [
      { role: 'promised', words: [kind] },
      { role: 'promisedName', words: wordsOf(part?.name ?? '') },
      { role: 'promisedBy', words: wordsOf(tool.name), weight: 0.5 },
    ];
    known.set(part, (text = makeText(parts, words)));
  }
  return text;
}
