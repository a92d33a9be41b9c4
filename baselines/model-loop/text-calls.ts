import { listIn } from '../../core/list.ts';
import type { Action } from '../../core/types.ts';
import { functionMeant, type FoundCall, type Functions, type TextCallFormat } from './text-call.ts';

const formats = await listIn<TextCallFormat>(new URL('./text-calls/', import.meta.url), 'form of calls').loadAll();

/** Calls that a model wrote as text. */
export interface TextCalls {
  readonly calls: readonly Action[];
  /** It meant to call: marks or a name are there, whether or not anything could be read. */
  readonly isMeant: boolean;
}

export interface TextReading {
  readonly functions: Functions;
  /** Results of tools that the model was shown: what it repeats of them is no call of its own. */
  readonly results: readonly string[];
}

/**
 * The calls written into a model's reply: those with the marks of any form that is known, else of the first form without
 * marks that is there. Thinking, finished or not, is passed over, and so are results of tools that the model repeats or makes up,
 * with whatever it makes up after them.
 */
export function textCalls(reply: string, reading: TextReading = { functions: new Map(), results: [] }): TextCalls {
  const answer = spoken(withoutThinking(reply), reading.functions);
  const marked = formats.filter(({ marks }) => marks);
  const isMeant = marked.some(({ marks }) => marks && answer.search(marks) >= 0);
  const found = isMeant
    ? inOrder(marked.map(({ read }) => read(answer, reading.functions)))
    : firstOf(
        formats
          .filter(({ marks }) => !marks)
          .map(
            ({ read }) =>
              () =>
                read(answer, reading.functions),
          ),
      );
  const own = found.filter(({ start, end }) => !isRepeated(answer.slice(start, end), reading.results));
  return {
    calls: own.map(({ action }) => ({ ...action, name: functionMeant(action.name, reading.functions) })),
    isMeant: own.length > 0 || (isMeant && found.length === 0),
  };
}

const isRepeated = (text: string, results: readonly string[]): boolean =>
  results.some((result) => result.includes(text.trim()));

/** By their places in the text; what lies in another call is its argument. */
function inOrder(groups: readonly (readonly FoundCall[])[]): FoundCall[] {
  const all = groups.flatMap((group, form) => group.map((call) => ({ ...call, form })));
  const kept: typeof all = [];
  for (const call of all.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    const isSameList = last?.start === call.start && last.end === call.end && last.form === call.form;
    if (!last || isSameList || call.start >= last.end) kept.push(call);
  }
  return kept;
}

function firstOf(reads: readonly (() => readonly FoundCall[])[]): readonly FoundCall[] {
  for (const read of reads) {
    const found = read();
    if (found.length > 0) return found;
  }
  return [];
}

/** Marks around thinking: what opens it, and what closes it. */
const thoughts: readonly (readonly [string, string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['[THINK]', '[/THINK]'],
  ['◁think▷', '◁/think▷'],
  ['<|channel|>analysis<|message|>', '<|end|>'],
  ['<|channel>thought', '<channel|>'],
];

/** The reply without thinking: where it is left open nothing follows, where only its end is there it stands before that. */
function withoutThinking(reply: string): string {
  let answer = reply;
  for (const [opening, closing] of thoughts) {
    const first = answer.trimStart().startsWith(opening);
    const end = answer.lastIndexOf(closing);
    if (end >= 0 && (first || !answer.includes(opening)) && closing !== '<|end|>') {
      answer = answer.slice(end + closing.length);
      continue;
    }
    for (let start = answer.indexOf(opening); start >= 0; start = answer.indexOf(opening)) {
      const stop = answer.indexOf(closing, start);
      answer = answer.slice(0, start) + (stop < 0 ? '' : answer.slice(stop + closing.length));
    }
  }
  return answer;
}

/** Where somebody else's turn begins, which only the model itself can have written. */
const foreign =
  /<\|im_start\|>\s*(?:user|tool|system)|<\|start_header_id\|>\s*(?:user|ipython|tool)|<start_of_turn>\s*user|\[INST\]/;
const resultOpening =
  /<tool_response>|<\|?tool_(?:response|result|outputs?)\|?>|<function_results?>|\[TOOL_RESULTS\]|<｜tool▁output▁begin｜>|```tool_output/;
const resultClosing =
  /<\/tool_response>|<\/?\|?tool_(?:response|result|outputs?)(?:_end)?\|?>|<\/function_results?>|\[\/TOOL_RESULTS\]|<｜tool▁output▁end｜>|```/;

/** What the model says itself: up to the first result that it makes up after a call, without those that it repeats before one. */
function spoken(answer: string, functions: Functions): string {
  const end = answer.search(foreign);
  let rest = end < 0 ? answer : answer.slice(0, end);
  let said = '';
  for (;;) {
    const opening = resultOpening.exec(rest);
    if (!opening) return said + rest;
    said += rest.slice(0, opening.index);
    if (formats.some(({ read }) => read(said, functions).length > 0)) return said;
    const behind = rest.slice(opening.index + opening[0].length);
    const closing = resultClosing.exec(behind);
    if (!closing) return said;
    rest = behind.slice(closing.index + closing[0].length);
  }
}
