import { wordsOf } from '../../core/words.ts';
import { focused } from './affinity.ts';
import { makeScalars } from './heads.ts';
import { toolKey } from './memory.ts';
import type { Question } from './network.ts';
import { isPath } from './spans.ts';
import type { Situation } from './situation.ts';
import { makeText, type Text } from './text.ts';
import { overlap, type NameReading, type ServerReading, type ToolReading } from './tools.ts';

const noStems: ReadonlySet<string> = new Set();
const lastTexts = new Map<string, Text>();

/** What the prompt says where the policy looks now, and what it did last. */
export function situationTexts({ prompt, memory, focus }: Situation): Text[] {
  const mention = prompt.mentions[focus()];
  const texts = mention ? [mention.windowText, mention.sentenceText] : [prompt.nothing];
  return [...texts, lastText(memory.last?.key.split('\u0000')[1] ?? '')];
}

function lastText(name: string): Text {
  let found = lastTexts.get(name);
  if (!found)
    lastTexts.set(name, (found = makeText([{ role: 'lastTool', words: name === '' ? ['none'] : wordsOf(name) }])));
  return found;
}

/** Which tool to load, of those whose names are known. */
export function loadToolQuestion(situation: Situation, candidates: readonly NameReading[]): Question {
  const { prompt, memory } = situation;
  const affinity = situation.affinity();
  const [focus, unused] = [situation.focus(), situation.unused().mentions];
  const loadedServers = new Set(situation.loaded().map(({ server }) => server.name));
  const matches = candidates.map((candidate) => focused(affinity.ofName(candidate), focus, unused));
  const best = (read: (match: (typeof matches)[number]) => number) => Math.max(0.01, ...matches.map(read));
  const [bestWindow, bestPrompt] = [best(({ window }) => window), best(({ prompt }) => prompt)];
  const isSeeking = prompt.seeks && !memory.hasRead;
  const { values, set } = makeScalars('load', candidates.length);
  candidates.forEach((candidate, i) => {
    const name = matches[i] as (typeof matches)[number];
    const server = focused(affinity.ofServer(candidate.server), focus, unused);
    set(i, 'always', 1);
    set(i, 'name matches the words in focus', name.window);
    set(i, 'name matches the sentence in focus', name.sentence);
    set(i, 'name matches the prompt', name.prompt);
    set(i, 'name matches the words around some unused span', name.unused);
    set(i, 'server matches the words in focus', server.window);
    set(i, 'server matches the sentence in focus', server.sentence);
    set(i, 'server matches the prompt', server.prompt);
    set(i, 'server matches the words around some unused span', server.unused);
    set(i, 'best name match in focus', name.window >= bestWindow ? 1 : 0);
    set(i, 'best name match of the prompt', name.prompt >= bestPrompt ? 1 : 0);
    set(i, 'server has a loaded tool', loadedServers.has(candidate.server.name) ? 1 : 0);
    set(i, 'server of the last call', memory.last?.server === candidate.server.name ? 1 : 0);
    set(i, 'words in the name', candidate.words);
    set(i, 'server is named in the prompt', prompt.lower.includes(candidate.server.name.toLowerCase()) ? 1 : 0);
    set(i, 'tool is named in the prompt', prompt.lower.includes(candidate.name.toLowerCase()) ? 1 : 0);
    set(i, 'looks up what the prompt seeks and nothing was read yet', candidate.reads && isSeeking ? 1 : 0);
    set(i, 'name and server both match the sentence in focus', name.sentence * server.sentence);
  });
  return {
    head: 'load',
    query: situationTexts(situation),
    candidates: candidates.map(({ text }) => text),
    scalars: values,
  };
}

/** Which server to load whole. */
export function loadServerQuestion(situation: Situation, candidates: readonly ServerReading[]): Question {
  const { prompt, memory } = situation;
  const affinity = situation.affinity();
  const [focus, unused] = [situation.focus(), situation.unused().mentions];
  const { values, set } = makeScalars('load', candidates.length);
  candidates.forEach((candidate, i) => {
    const server = focused(affinity.ofServer(candidate), focus, unused);
    set(i, 'always', 1);
    set(i, 'server matches the words in focus', server.window);
    set(i, 'server matches the sentence in focus', server.sentence);
    set(i, 'server matches the prompt', server.prompt);
    set(i, 'server matches the words around some unused span', server.unused);
    set(i, 'server of the last call', memory.last?.server === candidate.name ? 1 : 0);
    set(i, 'server is named in the prompt', prompt.lower.includes(candidate.name.toLowerCase()) ? 1 : 0);
  });
  return {
    head: 'load',
    query: situationTexts(situation),
    candidates: candidates.map(({ text }) => text),
    scalars: values,
  };
}

/** Which loaded tool to call. */
export function callQuestion(situation: Situation, candidates: readonly ToolReading[]): Question {
  const { prompt, memory } = situation;
  const affinity = situation.affinity();
  const [focus, { mentions: unused }] = [situation.focus(), situation.unused()];
  const mention = prompt.mentions[focus];
  const unusedPaths = unused.filter((i) => isPath(prompt.mentions[i]?.value ?? '')).length;
  const isSeeking = prompt.seeks && !memory.hasRead;
  const against = (stems: ReadonlySet<string>, others = noStems) => overlap(stems, others, undefined, situation.words);
  const { values, set } = makeScalars('call', candidates.length);
  candidates.forEach((candidate, i) => {
    const key = toolKey(candidate.server.name, candidate.name);
    const tally = memory.tallies.get(key) ?? { succeeded: 0, failed: 0 };
    const name = focused(affinity.ofName(candidate), focus, unused);
    const server = focused(affinity.ofServer(candidate.server), focus, unused);
    const paths = candidate.required.filter((leaf) =>
      /path|director|folder|source|destination/i.test(leaf.name),
    ).length;
    set(i, 'always', 1);
    set(i, 'never called', tally.succeeded + tally.failed === 0 ? 1 : 0);
    set(i, 'successful calls', Math.min(3, tally.succeeded) / 2);
    set(i, 'failed calls', Math.min(3, tally.failed) / 2);
    set(i, 'loaded last', i === candidates.length - 1 ? 1 : 0);
    set(i, 'name matches the words in focus', name.window);
    set(i, 'name matches the sentence in focus', name.sentence);
    set(i, 'name matches the prompt', name.prompt);
    set(i, 'name matches the words around some unused span', name.unused);
    set(i, 'description matches the words in focus', against(candidate.descriptionStems, mention?.window) * 3);
    set(i, 'description matches the sentence in focus', against(candidate.descriptionStems, mention?.sentence) * 3);
    set(i, 'server matches the words in focus', server.window);
    set(i, 'server matches the sentence in focus', server.sentence);
    set(i, 'arguments match the words in focus', against(candidate.argumentStems, mention?.window));
    set(i, 'arguments match the sentence in focus', against(candidate.argumentStems, mention?.sentence));
    set(i, 'the last call, and it succeeded', memory.last?.key === key && memory.last.isOk ? 1 : 0);
    set(i, 'the last call, and it failed', memory.last?.key === key && !memory.last.isOk ? 1 : 0);
    set(i, 'required values', candidate.required.length / 3);
    set(i, 'unused spans suffice for the required values', unused.length >= candidate.required.length ? 1 : 0);
    set(i, 'no required values', candidate.required.length === 0 ? 1 : 0);
    set(i, 'deprecated', candidate.isDeprecated ? 1 : 0);
    set(i, 'server of the last call', memory.last?.server === candidate.server.name ? 1 : 0);
    set(i, 'looks up what the prompt seeks and nothing was read yet', candidate.reads && isSeeking ? 1 : 0);
    set(i, 'path-like spans suffice for the required paths', paths > 0 && unusedPaths >= paths ? 1 : 0);
  });
  return {
    head: 'call',
    query: situationTexts(situation),
    candidates: candidates.map(({ text }) => text),
    scalars: values,
  };
}
