import { expect, test } from 'vitest';
import { retrieval } from '../../baselines/policies/retrieval.ts';
import type { Action, EpisodeStart, Observation, PolicySession, Tool, Visible } from '../../core/types.ts';

const text = { type: 'string' };
const move: Tool = {
  server: 'files',
  name: 'move_file',
  description: 'Moves a file to a destination.',
  inputSchema: { type: 'object', properties: { source: text, destination: text }, required: ['source', 'destination'] },
};
const add: Tool = {
  server: 'board',
  name: 'add_task',
  description: 'Adds a task.',
  inputSchema: { type: 'object', properties: { titles: { type: 'array', items: text } }, required: ['titles'] },
};

const offered = {
  eager: [],
  server: ['load_server'],
  tool: ['load_tools'],
  search: ['search_tools'],
};

const start = (view: keyof typeof offered, loaded: readonly Tool[]): EpisodeStart & { readonly visible: Visible } => ({
  taskId: 't',
  prompt: 'Please move the file “a.txt” to “b.txt”, then add a task "sweep".',
  system: '',
  metaTools: offered[view].map((name) => ({ name, description: '', inputSchema: {} })),
  view,
  visible: {
    servers: [
      { name: 'board', summary: 'Keeps tasks.' },
      { name: 'files', summary: 'Moves files.' },
    ],
    names: new Map([
      ['files', ['move_file', 'read_file']],
      ['board', ['add_task']],
    ]),
    loaded,
  },
  root: '/world',
  seed: 1,
  signal: new AbortController().signal,
});

const observation: Observation = { text: 'ok', isError: false, source: 'results', server: '', cutTokens: 0 };
const calls = [
  {
    name: 'call_tool',
    arguments: { server: 'files', tool: 'move_file', arguments: { source: 'a.txt', destination: 'b.txt' } },
  },
  { name: 'call_tool', arguments: { server: 'board', tool: 'add_task', arguments: { titles: ['sweep'] } } },
];

/** The one call that a session makes next. */
async function next(session: PolicySession, observations: readonly Observation[] = []): Promise<Action> {
  const { calls: made } = await session.act(observations);
  expect(made).toHaveLength(1);
  return made[0].action;
}

test('takes the clauses in order, with the quoted spans as arguments', async () => {
  const session = retrieval().start(start('eager', [add, move]));
  const actions = [];
  for (let turn = 0; turn < 3; turn++) actions.push(await next(session, turn === 0 ? [] : [observation]));
  expect(actions).toEqual([...calls, { name: 'finish', arguments: {} }]);
});

test('loads the best tool, or the best server, by what it can see', async () => {
  const tool = await next(retrieval().start(start('tool', [])));
  expect(tool).toEqual({ name: 'load_tools', arguments: { server: 'files', tools: ['move_file'] } });
  const server = await next(retrieval().start(start('server', [])));
  expect(server).toEqual({ name: 'load_server', arguments: { server: 'files' } });
});

test('searches for the words of a clause, once, among tools or among servers that are not all shown', async () => {
  const query = 'Please move the file   to';
  const session = retrieval().start(start('search', [move]));
  expect(await next(session)).toEqual({ name: 'search_tools', arguments: { query } });
  expect(await next(session, [observation])).toEqual(calls[0]);
  const episode = start('tool', []);
  const list = { name: 'list_servers', description: '', inputSchema: { properties: { page: {}, query: {} } } };
  const paged = retrieval().start({ ...episode, metaTools: [list, ...episode.metaTools] });
  expect(await next(paged)).toEqual({ name: 'list_servers', arguments: { query } });
  expect((await next(paged, [observation])).name).toBe('load_tools');
});

test('ends where nothing can be done', async () => {
  const session = retrieval().start({ ...start('eager', []), prompt: 'Hello?' });
  expect((await next(session)).name).toBe('finish');
});

test('takes the value of a choice that the clause names, and keeps its span from other arguments', async () => {
  const properties = { input: text, algorithm: { type: 'string', enum: ['md5', 'sha1'] } };
  const hash: Tool = {
    ...add,
    name: 'hash',
    inputSchema: { type: 'object', properties, required: ['input', 'algorithm'] },
  };
  const session = retrieval().start({ ...start('eager', [hash]), prompt: 'Hash “kite” with “sha1”.' });
  const action = await next(session);
  expect(action.arguments['arguments']).toEqual({ input: 'kite', algorithm: 'sha1' });
});
