import type { Json } from '../../core/json.ts';
import type { Action } from '../../core/types.ts';
import { takesQuery } from '../query-taking.ts';
import { chooseAnswer } from './answer.ts';
import { candidatesOf } from './argument-candidates.ts';
import { argumentQuestion, optionalQuestion } from './argument-question.ts';
import { kindQuestion, type Kind, type Offer } from './kind-question.ts';
import { unsearched, type PendingCall } from './memory.ts';
import type { Choose } from './network.ts';
import type { Finding } from './results.ts';
import { buildArguments, type Leaf } from './schema.ts';
import type { Situation } from './situation.ts';
import { callQuestion, loadServerQuestion, loadToolQuestion } from './tool-questions.ts';
import type { NameReading, ToolReading } from './tools.ts';

/** What a teacher wants done. */
export interface Wish {
  readonly kind: Kind;
  readonly server: string;
  readonly tool: string;
  /** The value of one argument, `undefined` where it is left out. */
  readonly valueOf: (leaf: Leaf) => Json | undefined;
  /** Empty where it gives none. */
  readonly answer: string;
}

export interface Choosing {
  readonly action: Action;
  readonly call?: PendingCall;
}

export interface ChosenCall extends Choosing {
  readonly call: PendingCall;
}

/** What the view has for the policy here and now. */
export function offerOf(situation: Situation): Offer {
  const { metaTools } = situation.episode;
  const has = (name: string) => metaTools.some((tool) => tool.name === name);
  const loaded = situation.loaded();
  const loadedServers = new Set(loaded.map(({ server }) => server.name));
  const isSearched = has('search_tools') && !takesQuery(metaTools, 'list_servers');
  return {
    loaded,
    loadable: has('load_tools') ? situation.loadable() : [],
    loadableServers: has('load_server') ? situation.servers().filter(({ name }) => !loadedServers.has(name)) : [],
    isSearch: isSearched && unsearched(situation.prompt, situation.memory) !== undefined,
  };
}

/** Decides what to do next, choice by choice. `null`: some choice was answered by −1. */
export function decide(situation: Situation, choose: Choose, wish?: Wish): Choosing | null {
  const { metaTools, visible } = situation.episode;
  const offer = offerOf(situation);
  const { loaded, loadable, loadableServers, isSearch } = offer;
  const isPaged = takesQuery(metaTools, 'list_servers');
  const query = isSearch || isPaged ? unsearched(situation.prompt, situation.memory) : undefined;
  const canList = metaTools.some(({ name }) => name === 'list_tools');
  const unlisted = canList ? situation.servers().filter(({ name }) => !visible.names.has(name)) : [];
  const kinds: Kind[] = [
    ...(loadable.length + loadableServers.length > 0 || isSearch ? (['load'] as const) : []),
    ...(loaded.length > 0 ? (['call'] as const) : []),
    'finish',
    ...(unlisted.length > 0 || (isPaged && query !== undefined) ? (['list'] as const) : []),
  ];
  const isServer = (one: { readonly name: string } | undefined) => one?.name === wish?.server;
  const question = kindQuestion(situation, kinds, offer);
  const kind = kinds[choose(question, (i) => kinds[i] === wish?.kind)];
  if (kind === undefined) return null;
  if (query !== undefined && (kind === 'list' || (kind === 'load' && isSearch)))
    return { action: { name: isPaged ? 'list_servers' : 'search_tools', arguments: { query } } };
  if (kind === 'list' || (kind === 'load' && loadableServers.length > 0)) {
    const offered = kind === 'list' ? unlisted : loadableServers;
    const server = offered[choose(loadServerQuestion(situation, offered), (i) => isServer(offered[i]))];
    const name = kind === 'list' ? 'list_tools' : 'load_server';
    return server ? { action: { name, arguments: { server: server.name } } } : null;
  }
  if (kind === 'load') {
    const tool = loadable[choose(loadToolQuestion(situation, loadable), (i) => isWished(loadable[i], wish))];
    if (!tool) return null;
    return { action: { name: 'load_tools', arguments: { server: tool.server.name, tools: [tool.name] } } };
  }
  if (kind === 'call') return chooseCall(situation, loaded, choose, wish);
  return { action: finish(situation, choose, wish) };
}

/** Decides what to call, and with what. `null`: the choice of the tool was answered by −1. */
export function chooseCall(
  situation: Situation,
  loaded: readonly ToolReading[],
  choose: Choose,
  wish?: Wish,
): ChosenCall | null {
  const tool = loaded[choose(callQuestion(situation, loaded), (i) => isWished(loaded[i], wish))];
  return tool ? fillCall(situation, tool, choose, wish) : null;
}

const isWished = (one: NameReading | undefined, wish: Wish | undefined): boolean =>
  one?.name === wish?.tool && one?.server.name === wish?.server;

function finish(situation: Situation, choose: Choose, wish: Wish | undefined): Action {
  const answer = chooseAnswer(situation, choose, wish?.answer);
  return { name: 'finish', arguments: answer === '' ? {} : { answer } };
}

/** Chooses a value for every required leaf, and for as many optional ones as the tool's reading allows. */
function fillCall(situation: Situation, tool: ToolReading, choose: Choose, wish: Wish | undefined): ChosenCall {
  let leaves = tool.required;
  let offered = tool.optional;
  for (let round = 0; round < tool.mostOptional && offered.length > 0; round++) {
    const wanted = offered.findIndex((leaf) => wish?.valueOf(leaf) !== undefined) + 1;
    const place = choose(optionalQuestion(situation, tool, offered), (i) => i === wanted) - 1;
    const chosen = offered[place];
    if (!chosen) break;
    leaves = [...leaves, chosen];
    offered = offered.filter((leaf) => leaf !== chosen);
  }
  const isQuoted = (value: Json) => typeof value === 'string' && situation.prompt.values.has(value.toLowerCase());
  // An option that the prompt quotes, such as a format, is worth asking about though its property may be left out.
  leaves = [...leaves, ...tool.selectors.filter((leaf) => !leaves.includes(leaf) && leaf.values.some(isQuoted))];
  const values: (Json | undefined)[] = [];
  const findings: (Finding | undefined)[] = [];
  let lastMention = -1;
  for (const leaf of leaves) {
    const candidates = candidatesOf(situation, leaf);
    const wanted = wish?.valueOf(leaf);
    const fits = (i: number) => isSame(candidates[i]?.value, wanted);
    const question = argumentQuestion(situation, { tool, leaf, chosen: values, lastMention }, candidates);
    const candidate = candidates[choose(question, fits)];
    // A teacher's value that is no candidate is used all the same.
    values.push(candidate ? candidate.value : wanted);
    findings.push(candidate?.finding);
    if (candidate && candidate.mention >= 0) lastMention = candidate.mention;
  }
  const args = { server: tool.server.name, tool: tool.name, arguments: buildArguments(leaves, values) };
  return { action: { name: 'call_tool', arguments: args }, call: { tool, leaves, values, findings } };
}

const isSame = (one: Json | undefined, other: Json | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
