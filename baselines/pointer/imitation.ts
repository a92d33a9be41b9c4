import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Action, Decision, EpisodeStart, Policy, PolicySession } from '../../core/types.ts';
import { decide, type Wish } from './decide.ts';
import { situationNumbers } from './heads.ts';
import { noteSearch, remember, type PendingCall } from './memory.ts';
import type { Choose, Network } from './network.ts';
import type { Leaf } from './schema.ts';
import type { Choice, PointerSession } from './session.ts';
import type { Reader, Situation } from './situation.ts';

/**
 * One episode of a teacher, read as the pointer policy would have read it: what the teacher does is done, and the session
 * remembers the choices by which the policy would have done the same. Where the teacher loads a tool whose name the policy has
 * not seen, its server is listed first, and a search of the teacher's is made with the policy's own words.
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
  const taught = teacher.start(episode);
  let pending: PendingCall | undefined;
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
  const act: PolicySession['act'] = async (observations, user) => {
    const [observation] = observations;
    if (observation) {
      situation.memory.turns += 1;
      if (pending) remember(situation.memory, situation.prompt, pending, observation);
    }
    pending = undefined;
    if (user !== undefined) situation = situation.after(user);
    const decision = put ?? (await taught.act(observations, user));
    put = undefined;
    const [wanted] = decision.calls;
    const server = unlistedServer(situation, wanted.action);
    if (server !== undefined) put = decision;
    const listed = server === undefined ? wanted.action : { name: 'list_tools', arguments: { server } };
    const made = decide(situation, choose, wishOf(listed));
    // The teacher searches by a name that the policy cannot know.
    const action = listed.name === 'search_tools' && made ? made.action : listed;
    noteSearch(situation.memory, action);
    if (!isDeepStrictEqual(made?.action, action)) isWithinReach = false;
    pending = made?.call;
    return { calls: [{ action }] };
  };
  return { choices, states, act, isWithinReach: () => isWithinReach };
}

/** Server to list before the action can be chosen. */
function unlistedServer({ episode }: Situation, { name, arguments: args }: Action): string | undefined {
  const server = textOf(args['server']);
  const canList = episode.metaTools.some((tool) => tool.name === 'list_tools');
  return name === 'load_tools' && canList && !episode.visible.names.has(server) ? server : undefined;
}

const kinds = {
  load_server: 'load',
  load_tools: 'load',
  search_tools: 'load',
  list_tools: 'list',
  call_tool: 'call',
} as const;

function wishOf({ name, arguments: args }: Action): Wish {
  const tools = args['tools'];
  const tool = args['tool'] ?? (Array.isArray(tools) ? (tools[0] as Json | undefined) : undefined);
  return {
    kind: name in kinds ? kinds[name as keyof typeof kinds] : 'finish',
    server: textOf(args['server']),
    tool: textOf(tool),
    valueOf: ({ path }: Leaf) => valueAt(args['arguments'], path),
    answer: textOf(args['answer']),
  };
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === null || typeof value !== 'object') return step === undefined ? value : undefined;
  return valueAt((value as JsonObject)[step], rest);
}
