import { stemsOf } from '../../core/words.ts';
import { textOf } from './argument-candidates.ts';
import { leafText, wantsOf, type ArgumentState } from './argument-question.ts';
import { makeScalars } from './heads.ts';
import type { Question } from './network.ts';
import type { Promised } from './references.ts';
import type { Situation } from './situation.ts';
import { makeText } from './text.ts';

const knownText = makeText([{ role: 'promised', words: ['known'] }]);
const flag = (condition: boolean): number => (condition ? 1 : 0);

/**
 * Whether an argument is something that is known already, which is candidate 0, or what an earlier call of the same program will bring.
 */
export function referenceQuestion(situation: Situation, state: ArgumentState, promised: readonly Promised[]): Question {
  const { prompt, memory } = situation;
  const { tool, leaf, chosen } = state;
  const wants = wantsOf(leaf);
  const left = situation.unused().mentions.filter((i) => {
    const value = prompt.mentions[i]?.value;
    return !chosen.some((one) => textOf(one) === value);
  });
  const isNamedBefore = left.some((i) => [...wants.stems].some((stem) => prompt.mentions[i]?.before.has(stem)));
  const isAnswered = memory.findings.some(({ answers, value }) => answers === 1 && !memory.usedValues.has(value));
  const { values, set } = makeScalars('reference', promised.length + 1);
  set(0, 'known: always', 1);
  set(0, 'known: the argument is named just before an unused span', flag(isNamedBefore));
  set(0, 'known: a path is wanted', flag(wants.path));
  set(0, 'known: an earlier result answers a word of the prompt', flag(isAnswered));
  promised.forEach(({ call, part, isLine, key, reference }, index) => {
    const i = index + 1;
    const { reads } = call.tool;
    const names = stemsOf(part.name);
    const isLastLeft = left.every((one) => one === key);
    set(i, 'whole result', flag(!isLine && part.at.length === 0));
    set(i, 'part of a result', flag(!isLine && part.at.length > 0));
    set(i, 'line of a result', flag(isLine));
    set(i, 'its key is quoted', flag(key >= 0));
    set(i, 'its key is the first unused word', flag(key >= 0 && key === situation.focus()));
    set(i, 'its key is quoted, and the prompt seeks something', flag(key >= 0 && prompt.seeks));
    set(i, 'of the last call', flag(reference.from === memory.awaited.length - 1));
    set(i, 'of a call that looks something up', flag(reads));
    set(i, 'of a call of the same tool', flag(call.tool === tool));
    set(i, 'named like the argument', flag(names.some((stem) => wants.stems.has(stem))));
    set(i, 'named in the prompt', flag(names.some((stem) => prompt.stems.has(stem))));
    set(i, 'content is wanted', flag(wants.content));
    set(i, 'a path is wanted', flag(wants.path));
    set(i, 'no span is left but its key', flag(isLastLeft));
    set(i, 'something is taken of its result already', flag(isTaken(situation, reference.from)));
  });
  const query = [leafText(situation, tool, leaf)];
  const focus = prompt.mentions[situation.focus()];
  if (focus) query.push(focus.windowText, focus.sentenceText);
  return { head: 'reference', query, candidates: [knownText, ...promised.map(({ text }) => text)], scalars: values };
}

const isTaken = ({ memory }: Situation, from: number): boolean =>
  memory.awaited.some(({ references }) => references.some((one) => one?.from === from));
