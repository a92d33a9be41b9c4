import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../core/json.ts';
import type { References } from '../../core/plan.ts';
import type { Action, Decision, EpisodeStart, Policy, PolicySession } from '../../core/types.ts';
import type { PlannedSession } from '../planned-session.ts';
import { takesQuery } from '../query-taking.ts';
import { actionOf, chooseFurther, mostCallsOfProgram, rememberBatch, type Batch } from './batch.ts';
import { chooseCall, placeOf, type ChosenCall, type Wish } from './choose-call.ts';
import { decide } from './decide.ts';
import { situationNumbers } from './heads.ts';
import { noteSearch, unsearched } from './memory.ts';
import type { Choose, Network } from './network.ts';
import type { Choice, PointerSession } from './session.ts';
import type { Reader, Situation } from './situation.ts';

/**
 * One episode of a teacher, read as the pointer policy would have read it: what the teacher does is done, and the session
 * remembers the choices by which the policy would have done the same. Where the teacher loads what the policy has not seen the name
 * of, that is looked up first, and a search of the teacher's is made with the policy's own words.
 *
 * Where programs may be written the teacher still says its calls one by one, and those that follow each other become one program as far as
 * the policy could have chosen them before any is made: their tools are loaded, and their values stand in the prompt, in results of
 * earlier turns or in schemas, or are parts of results of the same program that the policy can refer to. So a teacher is asked for its
 * next call before it has seen what the last one brought, as the oracle can be, which carries out a plan.
 */
export function startImitation(
  network: Network,
  reader: Reader,
  teacher: Policy,
  episode: EpisodeStart,
): PointerSession {
  const choices: Choice[] = [];
  const states: Float32Array[] = [];
  let situation = reader(episode);
  const { execution = 'calls', ...byCalls } = episode;
  const taught: PolicySession & Partial<PlannedSession> = teacher.start(byCalls);
  let pending: Batch | undefined;
  let put: Decision | undefined;
  let isWithinReach = true;
  const choose: Choose = (question, fits) => {
    if (question.head === 'kind') states.push(situationNumbers(question.scalars));
    const chosen = question.candidates.findIndex((_, i) => fits(i));
    if (chosen < 0) isWithinReach = false;
    if (chosen >= 0 && question.candidates.length > 1) {
      const logProbability = network.logProbabilities(question)[chosen] as number;
      choices.push({ turn: situation.memory.turns, question, chosen, logProbability });
    }
    return chosen;
  };
  /** The teacher's next calls that the policy knows already; the first that is none of them stays for the next turn. */
  const known = async (first: ChosenCall): Promise<readonly Wish[]> => {
    const wishes: Wish[] = [];
    const start = taught.lastCall?.().place ?? 0;
    let ahead = situation.expecting(first.call);
    while (wishes.length + 1 < mostCallsOfProgram) {
      put = await taught.act([]);
      const [{ action }] = put.calls;
      const wish = wishOf(action, withinProgram(taught.lastCall?.().references ?? [], start));
      const next = action.name === 'call_tool' ? chosenAlready(ahead, action, wish) : undefined;
      if (!next) break;
      put = undefined;
      wishes.push(wish);
      ahead = ahead.expecting(next.call);
    }
    return wishes;
  };
  const act: PolicySession['act'] = async (observations, user) => {
    const [observation] = observations;
    if (observation) {
      situation.memory.turns += 1;
      if (pending) rememberBatch(situation, pending, observation);
    }
    if (user !== undefined) situation = situation.after(user);
    const decision = put ?? (await taught.act(observations, user));
    put = undefined;
    const [wanted] = decision.calls;
    const lookUp = lookUpBefore(situation, wanted.action);
    if (lookUp) put = decision;
    const wished = lookUp ?? wanted.action;
    const made = decide(situation, choose, wishOf(wished));
    const action = made && isOwnSearch(wished, made.action) ? made.action : wished;
    noteSearch(situation.memory, action);
    if (!isDeepStrictEqual(made?.action, action)) isWithinReach = false;
    const first = made?.call && { action, call: made.call };
    const wishes = first && execution !== 'calls' ? await known(first) : [];
    const further = first ? chooseFurther(situation, first, choose, wishes) : [];
    const calls = [...(first ? [first] : []), ...further].map(({ call }) => call);
    pending = { action: actionOf([first ?? { action }, ...further], episode), calls };
    return { calls: [{ action: pending.action }] };
  };
  return { choices, states, act, isWithinReach: () => isWithinReach };
}

/** The call as the policy chooses it here and now; none where it cannot choose just that. */
function chosenAlready(situation: Situation, action: Action, wish: Wish): ChosenCall | undefined {
  let isKnown = true;
  const choose: Choose = ({ candidates }, fits) => {
    const place = candidates.findIndex((_, i) => fits(i));
    if (place < 0) isKnown = false;
    return place;
  };
  const chosen = chooseCall(situation, situation.loaded(), choose, wish);
  return chosen && isKnown && isDeepStrictEqual(chosen.action, action) ? chosen : undefined;
}

/** Those whose results the same program brings, by their places in it; `start`: place in the plan of its first call. */
const withinProgram = (references: References, start: number): References =>
  references.flatMap((one) => (one.from >= start ? [{ ...one, from: one.from - start }] : []));

/** What has to be looked up before a load can be chosen: the names of a server's tools, or in a list in pages the server. */
function lookUpBefore({ episode, prompt, memory }: Situation, { name, arguments: args }: Action): Action | undefined {
  const { metaTools, visible } = episode;
  const server = textOf(args['server']);
  const canList = metaTools.some((tool) => tool.name === 'list_tools');
  if (name === 'load_tools' && canList && !visible.names.has(server))
    return { name: 'list_tools', arguments: { server } };
  const query = takesQuery(metaTools, 'list_servers') ? unsearched(prompt, memory) : undefined;
  const isShown = visible.servers.some((card) => card.name === server);
  return name === 'load_server' && query !== undefined && !isShown
    ? { name: 'list_servers', arguments: { query } }
    : undefined;
}

/**
 * Whether the policy searches where the teacher would: for tools, by a name that the policy cannot know, or for servers, which in a
 * list in pages the policy does before it lists the tools of one.
 */
const isOwnSearch = (wished: Action, made: Action): boolean =>
  made.name === 'search_tools' ? wished.name === made.name : made.name === 'list_servers' && wished.name in listings;

const listings = { list_servers: 'list', list_tools: 'list' } as const;

const kinds = {
  load_server: 'load',
  load_tools: 'load',
  search_tools: 'load',
  ...listings,
  call_tool: 'call',
} as const;

function wishOf({ name, arguments: args }: Action, references: References = []): Wish {
  const tools = args['tools'];
  const tool = args['tool'] ?? (Array.isArray(tools) ? (tools[0] as Json | undefined) : undefined);
  return {
    kind: name in kinds ? kinds[name as keyof typeof kinds] : 'finish',
    server: textOf(args['server']),
    tool: textOf(tool),
    valueOf: ({ path }) => valueAt(args['arguments'], path),
    referenceOf: (leaf) => references.find(({ argument }) => isDeepStrictEqual(argument, placeOf(leaf))),
    answer: textOf(args['answer']),
  };
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === null || typeof value !== 'object') return step === undefined ? value : undefined;
  return valueAt((value as JsonObject)[step], rest);
}
