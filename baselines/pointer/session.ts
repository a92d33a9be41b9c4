import { randomStream, type RandomStream } from '../../core/seeds.ts';
import type { RememberedChoice } from '../../core/tensor/trainable.ts';
import type { Action, Decision, EpisodeStart, Json, Observation, PolicySession } from '../../core/types.ts';
import { argumentQuestion, candidatesOf, optionalQuestion } from './argument-question.ts';
import { kindQuestion, type Kind } from './kind-question.ts';
import { remember, type PendingCall } from './memory.ts';
import type { Network, Question } from './network.ts';
import type { Finding } from './results.ts';
import { buildArguments } from './schema.ts';
import type { Reader, Situation } from './situation.ts';
import { callQuestion, loadServerQuestion, loadToolQuestion } from './tool-questions.ts';
import type { ToolReading } from './tools.ts';

/** One choice of an episode, as the learner needs it. */
export interface Choice extends RememberedChoice {
  readonly question: Question;
  readonly chosen: number;
}

export type Sampling = 'sample' | 'greedy';

/** A pointer session remembers its choices in order; other policies' sessions are no `PointerSession`. */
export interface PointerSession extends PolicySession {
  readonly choices: readonly Choice[];
}

interface Chooser {
  readonly choose: (question: Question) => number;
  /** Summed log-probability of the choices since the last call. */
  readonly takeLogProbability: () => number;
}

export function startSession(
  network: Network,
  reader: Reader,
  sampling: Sampling,
  episode: EpisodeStart,
): PointerSession {
  const choices: Choice[] = [];
  const situation = reader(episode);
  const chooser = makeChooser(network, sampling, randomStream(episode.seed), (choice) => {
    if (sampling === 'sample') choices.push({ turn: situation.memory.turns, ...choice });
  });
  let pending: PendingCall | undefined;
  return {
    choices,
    act: (observation: Observation | undefined): Decision => {
      if (observation) {
        situation.memory.turns += 1;
        if (pending) remember(situation.memory, situation.prompt, pending, observation);
      }
      pending = undefined;
      const { action, call } = decide(situation, chooser);
      pending = call;
      return { action, logProbability: chooser.takeLogProbability() };
    },
  };
}

function makeChooser(
  network: Network,
  sampling: Sampling,
  stream: RandomStream,
  note: (choice: Omit<Choice, 'turn'>) => void,
): Chooser {
  let sum = 0;
  return {
    choose: (question) => {
      if (question.candidates.length < 2) return 0;
      const logProbabilities = network.logProbabilities(question);
      const chosen = sampling === 'greedy' ? best(logProbabilities) : draw(logProbabilities, stream.uniform());
      const logProbability = logProbabilities[chosen] as number;
      sum += logProbability;
      note({ question, chosen, logProbability });
      return chosen;
    },
    takeLogProbability: () => {
      const taken = sum;
      sum = 0;
      return taken;
    },
  };
}

interface Choosing {
  readonly action: Action;
  readonly call?: PendingCall;
}

function decide(situation: Situation, { choose }: Chooser): Choosing {
  const { metaTools } = situation.episode;
  const has = (name: string) => metaTools.some((tool) => tool.name === name);
  const loaded = situation.loaded();
  const loadable = has('load_tools') ? situation.loadable() : [];
  const loadedServers = new Set(loaded.map(({ server }) => server.name));
  const servers = situation.servers();
  const loadableServers = has('load_server') ? servers.filter(({ name }) => !loadedServers.has(name)) : [];
  const unlisted = has('list_tools') ? servers.filter(({ name }) => !situation.episode.visible.names.has(name)) : [];
  const kinds: Kind[] = [
    ...(loadable.length + loadableServers.length > 0 ? (['load'] as const) : []),
    ...(loaded.length > 0 ? (['call'] as const) : []),
    'finish',
    ...(unlisted.length > 0 ? (['list'] as const) : []),
  ];
  const kind = kinds[choose(kindQuestion(situation, kinds, loadable, loadableServers, loaded))];
  if (kind === 'load' && loadableServers.length > 0) {
    const { name } = pick(loadableServers, choose(loadServerQuestion(situation, loadableServers)));
    return { action: { name: 'load_server', arguments: { server: name } } };
  }
  if (kind === 'load') {
    const tool = pick(loadable, choose(loadToolQuestion(situation, loadable)));
    return { action: { name: 'load_tools', arguments: { server: tool.server.name, tools: [tool.name] } } };
  }
  if (kind === 'list') {
    const { name } = pick(unlisted, choose(loadServerQuestion(situation, unlisted)));
    return { action: { name: 'list_tools', arguments: { server: name } } };
  }
  if (kind === 'call') return fillCall(situation, pick(loaded, choose(callQuestion(situation, loaded))), choose);
  return { action: { name: 'finish', arguments: {} } };
}

/** Chooses a value for every required leaf, or for one optional property where nothing is required. */
function fillCall(situation: Situation, tool: ToolReading, choose: Chooser['choose']): Choosing {
  let leaves = tool.required;
  if (leaves.length === 0 && tool.optional.length > 0) {
    const chosen = choose(optionalQuestion(situation, tool));
    leaves = chosen === 0 ? [] : [pick(tool.optional, chosen - 1)];
  }
  const isQuoted = (value: Json) => typeof value === 'string' && situation.prompt.values.has(value.toLowerCase());
  // An option that the prompt quotes, such as a format, is worth asking about though its property may be left out.
  leaves = [...leaves, ...tool.selectors.filter((leaf) => !leaves.includes(leaf) && leaf.values.some(isQuoted))];
  const values: (Json | undefined)[] = [];
  const findings: (Finding | undefined)[] = [];
  let lastMention = -1;
  for (const leaf of leaves) {
    const candidates = candidatesOf(situation, leaf);
    const state = { tool, leaf, chosen: values, lastMention };
    const candidate = pick(candidates, choose(argumentQuestion(situation, state, candidates)));
    values.push(candidate.value);
    findings.push(candidate.finding);
    if (candidate.mention >= 0) lastMention = candidate.mention;
  }
  const args = { server: tool.server.name, tool: tool.name, arguments: buildArguments(leaves, values) };
  return { action: { name: 'call_tool', arguments: args }, call: { tool, leaves, values, findings } };
}

function pick<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`There is no candidate ${index} of ${items.length}.`);
  return item;
}

function best(values: Float32Array): number {
  let index = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[index] as number)) index = i;
  return index;
}

function draw(logProbabilities: Float32Array, uniform: number): number {
  let rest = uniform;
  for (let i = 0; i < logProbabilities.length; i++) {
    rest -= Math.exp(logProbabilities[i] as number);
    if (rest < 0) return i;
  }
  // Rounding can leave a remainder beyond the last candidate.
  return best(logProbabilities);
}
