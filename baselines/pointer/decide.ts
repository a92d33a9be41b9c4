import type { Action } from '../../core/types.ts';
import { takesQuery } from '../query-taking.ts';
import { chooseAnswer } from './answer.ts';
import { chooseCall, isWished, type Choosing, type Wish } from './choose-call.ts';
import { kindQuestion, type Kind, type Offer } from './kind-question.ts';
import { unsearched } from './memory.ts';
import type { Choose } from './network.ts';
import type { Situation } from './situation.ts';
import { loadServerQuestion, loadToolQuestion } from './tool-questions.ts';

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

function finish(situation: Situation, choose: Choose, wish: Wish | undefined): Action {
  const answer = chooseAnswer(situation, choose, wish?.answer);
  return { name: 'finish', arguments: answer === '' ? {} : { answer } };
}
