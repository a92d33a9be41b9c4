import { patternText } from '../../core/pattern-text.ts';
import type { Reference } from '../../core/plan.ts';
import { stemsOf, wordsOf } from '../../core/words.ts';
import { referenceCode, type Taken } from '../programs/value-code.ts';
import type { PendingCall } from './memory.ts';
import type { ResultPart } from './result-parts.ts';
import type { Leaf } from './schema.ts';
import type { Situation } from './situation.ts';
import { makeText, type Text } from './text.ts';
import type { ToolReading } from './tools.ts';

/** What an earlier call of the same program will bring, or a part of it. */
export interface Promised {
  readonly reference: Omit<Reference, 'call' | 'argument'>;
  /** The call that brings it. */
  readonly call: PendingCall;
  readonly part: ResultPart;
  /** The mention of the prompt that begins its line, as in `key: value`; −1 for none. */
  readonly key: number;
  readonly text: Text;
}

/** Of one call. */
const most = { parts: 4, keys: 4 };

/**
 * What a leaf may take of results that the calls of the program under way will bring: texts and numbers by what their results look like,
 * and of a text the value of a line that begins with an unused quoted word of the prompt. Equal references are one, so that
 * log-probabilities are exact.
 */
export function promisedTo({ prompt, memory, unused, words }: Situation, leaf: Leaf): Promised[] {
  if (leaf.values.length > 0 || leaf.type === 'object' || memory.awaited.length === 0) return [];
  const wanted = leaf.type === 'string' ? 'string' : 'number';
  const wording = new Set([...prompt.stems, ...stemsOf(leaf.name)]);
  const keys = unused().mentions.filter((i) => prompt.mentions[i]?.isQuoted === true);
  const promised = memory.awaited.flatMap((call, from) => {
    const made = (part: ResultPart, key: number, taken: Partial<Taken>): Promised => ({
      reference: { from, at: part.at, before: '', ...taken },
      call,
      part,
      key,
      text: textOf(call.tool, key < 0 ? part.name : undefined, words),
    });
    const parts = call.tool.results.filter(({ type }) => type === wanted);
    const text = parts.find(({ isText }) => isText);
    return [
      ...byWording(parts, wording).map((part) => made(part, -1, {})),
      ...(text ? keys.slice(0, most.keys) : []).map((key) =>
        made(text as ResultPart, key, { pattern: `^${patternText(`${prompt.mentions[key]?.value}: `)}(.*)$` }),
      ),
    ];
  });
  return [...new Map(promised.map((one) => [codeOf(one.reference), one])).values()];
}

/** Whether two references take the same. */
export const isSameReference = (one: Promised['reference'], other: Promised['reference']): boolean =>
  codeOf(one) === codeOf(other);

const codeOf = (reference: Promised['reference']): string => referenceCode(`${reference.from}`, reference);

/** Of many parts those whose names the prompt or the leaf has, before others. */
function byWording(parts: readonly ResultPart[], wording: ReadonlySet<string>): readonly ResultPart[] {
  const isWorded = ({ name }: ResultPart) => stemsOf(name).some((stem) => wording.has(stem));
  return [...parts.filter(isWorded), ...parts.filter((part) => !isWorded(part))].slice(0, most.parts);
}

const texts = new WeakMap<ToolReading, Map<string | undefined, Text>>();

/** Name of the part, undefined for a line of it, and the tool. */
function textOf(tool: ToolReading, name: string | undefined, words: Situation['words']): Text {
  const known = texts.get(tool) ?? new Map<string | undefined, Text>();
  texts.set(tool, known);
  let text = known.get(name);
  if (!text) {
    const kind = name === undefined ? 'line' : name === '' ? 'whole' : 'part';
    const parts = [
      { role: 'promised', words: [kind] },
      { role: 'promisedName', words: wordsOf(name ?? '') },
      { role: 'promisedBy', words: wordsOf(tool.name), weight: 0.5 },
    ];
    known.set(name, (text = makeText(parts, words)));
  }
  return text;
}
