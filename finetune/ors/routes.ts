import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { boundTools } from './bound-tools.ts';
import { type Catalogue, specOf, type TaskPlace, toolList } from './catalogue.ts';
import { readBody, Refusal, sendJson } from './http.ts';
import type { Sessions } from './sessions.ts';
import { streamAnswer, streamId } from './sse.ts';

export interface Served {
  readonly catalogue: Catalogue;
  readonly sessions: Sessions;
  readonly version: string;
  /** Hears of sessions whose task offers other tools than `GET /tools`. */
  readonly tellOther: (place: TaskPlace) => void;
}

interface Exchange extends Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: JsonObject;
}

/** What a route answers with as JSON; `undefined` where it has answered itself. */
type Route = (exchange: Exchange) => unknown;

const routes: Readonly<Record<string, Route>> = {
  'GET /health': ({ sessions }) => ({ status: 'ok', toolstone: sessions.counts() }),
  'GET /version': ({ version }) => ({ version, build_sha: null }),
  'GET /list_environments': ({ catalogue }) => [catalogue.environment],
  'GET /splits': ({ catalogue }) => catalogue.splits(),
  'GET /tools': ({ catalogue }) => catalogue.tools(),
  'POST /num_tasks': ({ catalogue, body }) => ({ num_tasks: catalogue.count(body['split']) }),
  'POST /task': ({ catalogue, body }) => ({
    task: specOf(catalogue.at(body['split'], body['index'])),
    env_name: catalogue.environment,
  }),
  'POST /tasks': (exchange) => tasksFrom(exchange, 0, undefined),
  'POST /task_range': (exchange) => {
    const { start, stop } = exchange.body;
    return tasksFrom(exchange, wholeNumber('start', start), wholeNumber('stop', stop));
  },
  'POST /create_session': ({ sessions, response }) => streamId(response, sessions.newId()),
  'POST /create': async (exchange) => {
    const { catalogue, sessions, tellOther } = exchange;
    const sid = sessionId(exchange);
    const place = placeOf(exchange);
    await sessions.create(sid, place);
    if (catalogue.isOther(place)) tellOther(place);
    return { sid };
  },
  'POST /ping': async (exchange) => {
    await exchange.sessions.find(sessionId(exchange));
    return { status: 'ok' };
  },
  'GET /task_tools': async (exchange) => {
    const { start } = await exchange.sessions.find(sessionId(exchange));
    return toolList(boundTools(start.metaTools));
  },
  'GET /prompt': async (exchange) => (await messagesOf(exchange)).flatMap(({ blocks }) => blocks),
  'GET /messages': messagesOf,
  'POST /call': call,
  'POST /delete': deleteSession,
  'POST /delete_session': deleteSession,
  'POST /score_group': () => {
    throw new Refusal(404, 'Groups are not scored here: every episode earns a reward of its own.');
  },
};

/** Answers a request, at its bare path or below the environment's name. Throws `Refusal`. */
export async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const { pathname } = URL.parse(`http://server${request.url ?? '/'}`) ?? malformed(request.url);
  const segments = pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
  const [environment, name] = segments.length === 2 ? segments : [undefined, segments[0]];
  const route = segments.length <= 2 ? routes[`${request.method} /${name}`] : undefined;
  if (!route) throw new Refusal(404, `There is nothing at ${request.method} ${pathname}.`);
  if (environment !== undefined) refuseOther(served.catalogue, environment);
  const result = await route({ ...served, request, response, body: await readBody(request) });
  if (result !== undefined) sendJson(response, 200, result);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return malformed(segment);
  }
}

function malformed(path: string | undefined): never {
  throw new Refusal(
    400,
    `The path ${JSON.stringify(path)} is malformed: "%" begins an escape of two digits, in UTF-8.`,
  );
}

function refuseOther({ environment }: Catalogue, name: unknown): void {
  if (typeof name === 'string' && name.toLowerCase() === environment) return;
  throw new Refusal(404, `There is no environment ${JSON.stringify(name)}. This server has ${environment}.`);
}

function sessionId({ request }: Exchange): string {
  const id = request.headers['x-session-id'];
  if (typeof id !== 'string' || id.trim() === '') throw new Refusal(400, 'X-Session-ID header is required');
  return id.trim();
}

function placeOf({ catalogue, body }: Exchange): TaskPlace {
  const { task_spec: spec, split, index, env_name: environment, toolset_name: toolset } = body;
  if (environment !== undefined && environment !== null) refuseOther(catalogue, environment);
  if (toolset !== undefined && toolset !== null) throw new Refusal(400, 'Toolsets of the client are not offered here.');
  const isSpec = isJsonObject(spec);
  const isPlace = (split ?? null) !== null || (index ?? null) !== null;
  if (isSpec === isPlace) throw new Refusal(400, 'Give either task_spec or both split and index.');
  return isSpec ? catalogue.ofSpec(spec) : catalogue.at(split, index);
}

function tasksFrom({ catalogue, body }: Exchange, start: number | undefined, stop: number | undefined): JsonObject {
  const split = body['split'];
  const all = Array.from({ length: catalogue.count(split) }, (_, index) => index);
  const tasks = all.slice(start, stop).map((index) => specOf(catalogue.at(split, index)));
  return { tasks, env_name: catalogue.environment };
}

function wholeNumber(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value)) throw new Refusal(400, `${name} is no whole number.`);
  return value as number;
}

const message = (role: string, text: string) => ({
  role,
  blocks: [{ type: 'text', text, detail: null }],
  detail: null,
});

/** The view's own words, then the task; whoever reads them begins the episode. */
async function messagesOf(exchange: Exchange) {
  const session = await exchange.sessions.find(sessionId(exchange));
  session.begin();
  return [message('system', session.start.system), message('user', session.start.prompt)];
}

async function call(exchange: Exchange): Promise<void> {
  const { response, body, sessions } = exchange;
  const session = await sessions.find(sessionId(exchange));
  const { name, input, task_id: taskId } = body;
  if (typeof name !== 'string') throw new Refusal(400, 'name is no text.');
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new Refusal(400, 'input is no object.');
  if (taskId !== undefined && taskId !== null && typeof taskId !== 'string')
    throw new Refusal(400, 'task_id is no text.');
  const sessionCall = session.call(name, input as JsonObject, taskId ?? undefined);
  sessionCall.setCut(false);
  response.once('close', () => sessionCall.setCut(!response.writableFinished));
  await streamAnswer(response, sessionCall.taskId, sessionCall.answer);
}

async function deleteSession(exchange: Exchange): Promise<{ readonly sid: string }> {
  const sid = sessionId(exchange);
  await exchange.sessions.remove(sid);
  return { sid };
}
