import { focused, type Match } from './affinity.ts';
import { makeScalars } from './heads.ts';
import { toolKey } from './memory.ts';
import type { Question } from './network.ts';
import type { Situation } from './situation.ts';
import { makeText, type Text } from './text.ts';
import { situationTexts } from './tool-questions.ts';
import type { NameReading, ServerReading, ToolReading } from './tools.ts';

export type Kind = 'load' | 'call' | 'finish' | 'list';

const texts: Readonly<Record<Kind, Text>> = {
  load: makeText([{ role: 'kind', words: ['load'] }]),
  call: makeText([{ role: 'kind', words: ['call'] }]),
  finish: makeText([{ role: 'kind', words: ['finish'] }]),
  list: makeText([{ role: 'kind', words: ['list'] }]),
};

const score = (window: number, sentence: number): number => window + sentence / 2;
const flag = (condition: boolean): number => (condition ? 1 : 0);

/** What can be done next. */
export interface Offer {
  readonly loadable: readonly NameReading[];
  readonly loadableServers: readonly ServerReading[];
  readonly loaded: readonly ToolReading[];
  /** Tools can be searched for the words in focus, which has not been done. */
  readonly isSearch: boolean;
}

/** How well the best of what can be loaded, and of what is loaded, matches the words in focus. */
export function bestMatches(
  situation: Situation,
  { loadable, loadableServers, loaded }: Offer,
): { readonly bestLoad: number; readonly bestCall: number; readonly bestTool: ToolReading | undefined } {
  const affinity = situation.affinity();
  const [focus, { mentions }] = [situation.focus(), situation.unused()];
  const scoreOf = (match: Match): number => {
    const { window, sentence } = focused(match, focus, mentions);
    return score(window, sentence);
  };
  let [bestLoad, bestCall] = [0, 0];
  for (const name of loadable) bestLoad = Math.max(bestLoad, scoreOf(affinity.ofName(name)));
  for (const server of loadableServers) bestLoad = Math.max(bestLoad, scoreOf(affinity.ofServer(server)));
  let bestTool: ToolReading | undefined;
  for (const tool of loaded) {
    const found = scoreOf(affinity.ofName(tool));
    if (bestTool === undefined || found > bestCall) bestTool = tool;
    bestCall = Math.max(bestCall, found);
  }
  return { bestLoad, bestCall, bestTool };
}

/** Whether a loaded tool was never called; where tools can be searched for, what was found beside the one that was called does not count. */
export const hasUncalled = ({ memory }: Situation, { loaded, isSearch }: Offer): boolean =>
  !isSearch && loaded.some((tool) => !memory.tallies.has(toolKey(tool.server.name, tool.name)));

/** Whether to load, call, list or finish. */
export function kindQuestion(situation: Situation, kinds: readonly Kind[], offer: Offer): Question {
  const { prompt, memory } = situation;
  const { loadable, loaded } = offer;
  const unused = situation.unused();
  const { bestLoad, bestCall } = bestMatches(situation, offer);
  const isUncalled = hasUncalled(situation, offer);
  const counted = Math.max(1, prompt.counted.length);
  const turns = Math.min(memory.turns, 20) / 10;
  const answers = flag(memory.findings.some(({ answers, value }) => answers === 1 && !memory.usedValues.has(value)));
  const isDone = unused.values === 0;
  const keys = new Set(prompt.answerClause ? memory.findings.map(({ key }) => key) : []);
  const isAnswerable = answers === 1 && keys.size > 0 && unused.mentions.every((i) => keys.has(i));
  const hasFailed = memory.last?.isOk === false;
  const { values, set } = makeScalars('kind', kinds.length);
  kinds.forEach((kind, i) => {
    if (kind === 'load') {
      set(i, 'load: nothing loaded', flag(loaded.length === 0));
      set(i, 'load: a loaded tool was never called', flag(isUncalled));
      set(i, 'load: all loaded tools were called and words of the prompt are unused', flag(!isUncalled && !isDone));
      set(i, 'load: best match among loadable less best among loaded', bestLoad - bestCall);
      set(i, 'load: nothing of the prompt is unused', flag(isDone));
      set(i, 'load: turns', turns);
      set(i, 'load: the last result answers a word of the prompt', answers);
    } else if (kind === 'call') {
      set(i, 'call: a loaded tool was never called', flag(isUncalled));
      set(i, 'call: words of the prompt are unused', flag(!isDone));
      set(i, 'call: nothing of the prompt is unused', flag(isDone));
      set(i, 'call: the last call failed', flag(hasFailed));
      set(i, 'call: best match among loaded', bestCall);
      set(i, 'call: turns', turns);
      set(i, 'call: the last result answers a word of the prompt', answers);
    } else if (kind === 'finish') {
      set(i, 'finish: an answer is asked for, and only keys of what was found are unused', flag(isAnswerable));
      set(i, 'finish: always', 1);
      set(i, 'finish: some call succeeded', flag(memory.successes > 0));
      set(i, 'finish: nothing of the prompt is unused, and some call succeeded', flag(isDone && memory.successes > 0));
      set(i, 'finish: a loaded tool was never called', flag(isUncalled));
      set(i, 'finish: share of the prompt used', 1 - unused.mentions.length / counted);
      set(i, 'finish: turns', turns);
      set(i, 'finish: the last call failed', flag(hasFailed));
      set(i, 'finish: no mention is unused', flag(unused.mentions.length === 0));
      set(i, 'finish: no call succeeded', flag(memory.successes === 0));
      set(i, 'finish: the last result answers a word of the prompt', answers);
      set(i, 'finish: the prompt seeks something and nothing was read yet', flag(prompt.seeks && !memory.hasRead));
    } else {
      set(i, 'list: always', 1);
      set(i, 'list: no tool names known', flag(loadable.length === 0 && loaded.length === 0));
    }
  });
  return {
    head: 'kind',
    query: situationTexts(situation),
    candidates: kinds.map((kind) => texts[kind]),
    scalars: values,
  };
}
