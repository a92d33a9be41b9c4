import { isDeepStrictEqual } from 'node:util';
import { makeScalars } from './heads.ts';
import { bestMatches, hasUncalled, type Offer } from './kind-question.ts';
import type { PendingCall } from './memory.ts';
import type { Question } from './network.ts';
import type { Situation } from './situation.ts';
import { makeText } from './text.ts';
import { situationTexts } from './tool-questions.ts';
import type { ToolReading } from './tools.ts';

/** Candidates of the question, by their place. */
export const [RUN, GO_ON] = [0, 1] as const;

const texts = [
  makeText([{ role: 'batch', words: ['run'] }]),
  makeText([{ role: 'batch', words: ['go', 'on'] }]),
] as const;

const flag = (condition: boolean): number => (condition ? 1 : 0);

/**
 * Whether to run a program with the calls that it has, or to add another. `ahead`: as it will be if they succeed; `situation`: as it is
 * before they are made.
 */
export function batchQuestion(
  situation: Situation,
  ahead: Situation,
  offer: Offer,
  calls: readonly PendingCall[],
): Question {
  const { prompt, memory } = situation;
  const unused = ahead.unused();
  const { bestLoad, bestCall, bestTool } = bestMatches(ahead, offer);
  const suffice = (tool: ToolReading | undefined) =>
    tool !== undefined && tool.required.length > 0 && freeLeaves(tool) <= unused.mentions.length;
  const answers = memory.findings.some(({ answers, value }) => answers === 1 && !ahead.memory.usedValues.has(value));
  const { values, set } = makeScalars('batch', texts.length);
  set(RUN, 'run: always', 1);
  set(RUN, 'run: nothing of the prompt is unused', flag(unused.values === 0));
  set(RUN, 'run: the program looks something up', flag(calls.some(({ tool }) => tool.reads)));
  set(RUN, 'run: the prompt seeks something and nothing was read yet', flag(prompt.seeks && !memory.hasRead));
  set(RUN, 'run: the last call failed', flag(memory.last?.isOk === false));
  set(RUN, 'run: the last call of the program repeats another', flag(repeats(calls)));
  set(RUN, 'run: the last call of the program takes from one of its own tool', flag(isChain(calls)));
  set(RUN, 'run: calls in the program', Math.min(calls.length, 16) / 8);
  set(GO_ON, 'go on: words of the prompt are unused', flag(unused.values > 0));
  set(GO_ON, 'go on: a loaded tool was never called', flag(hasUncalled(ahead, offer)));
  set(GO_ON, 'go on: best match among loaded', bestCall);
  set(GO_ON, 'go on: what can be loaded matches better', Math.max(0, bestLoad - bestCall));
  set(GO_ON, 'go on: unused spans suffice for the best match', flag(suffice(bestTool)));
  set(GO_ON, 'go on: unused spans suffice for the same tool again', flag(suffice(calls.at(-1)?.tool)));
  set(GO_ON, 'go on: a result answers a word of the prompt', flag(answers));
  return { head: 'batch', query: situationTexts(ahead), candidates: texts, scalars: values };
}

/** Whether the last call is one that stands before it already. */
function repeats(calls: readonly PendingCall[]): boolean {
  const last = calls.at(-1);
  const isLast = ({ tool, values, references }: PendingCall) =>
    tool === last?.tool && isDeepStrictEqual([values, takes(references)], [last.values, takes(last.references)]);
  return calls.slice(0, -1).some(isLast);
}

/** Whether the last call takes from what its own tool brings: such calls can go on for ever. */
function isChain(calls: readonly PendingCall[]): boolean {
  const last = calls.at(-1);
  return last?.references.some((one) => one && calls[one.from]?.tool === last.tool) ?? false;
}

/** What is taken, whichever call takes it. */
const takes = (references: PendingCall['references']) => references.map((one) => one && { ...one, call: 0 });

/** Required values that the schema does not bring itself. */
const freeLeaves = ({ required }: ToolReading): number => required.filter(({ values }) => values.length === 0).length;
