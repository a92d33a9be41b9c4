import { expect, test, vi } from 'vitest';
import modelLoop from '../../baselines/model-loop/model-loop.ts';
import { functionLimitOf } from '../../baselines/open-policies.ts';
import openAiPolicy from '../../baselines/policies/openai.ts';
import ollamaPolicy from '../../baselines/policies/ollama.ts';
import { servedSettings } from '../../baselines/model-loop/sampling.ts';
import openAiClient from '../../core/models/openai.ts';
import type { FunctionSearch } from '../../core/models/deferred-functions.ts';
import type { Job } from '../../core/run-types.ts';
import { readNamedSettings } from '../../core/settings.ts';
import { callsOf } from '../../core/trajectory.ts';
import native from '../../envs/views/native.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { completion, fakeServer } from './fake-server.ts';
import { clientOptions } from './request.ts';
import { tinyEpisode, tinyTask } from './tiny-world.ts';

// Every endpoint here is a fake: what real ones do with deferred functions only their documentation says.

const called = (name: string, args: object) => ({
  id: `call_${name}`,
  type: 'function',
  function: { name, arguments: JSON.stringify(args) },
});
const note = called('notes__add_note', { text: 'blue' });
const search = called('tool_search_tool_bm25', { query: 'note' });

const play = (url: string, functionSearch: FunctionSearch) =>
  tinyEpisode(
    modelLoop({
      client: openAiClient({ model: 'tiny', baseUrl: `${url}/v1`, functionSearch, ...clientOptions }),
      defersTools: true,
    }),
    undefined,
    undefined,
    tinyTask,
    native,
  );

test('functions are deferred beside the search, finish is not, and searches that the endpoint made are no calls', async () => {
  await using server = await fakeServer((_, number) => ({
    body: completion({ tool_calls: number === 1 ? [search, note] : [called('finish', {})] }),
  }));
  const { trajectory } = await play(server.url, 'bm25');
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: '' });
  expect(callsOf(trajectory).map(({ written, action }) => (written ?? action).name)).toEqual([
    'notes__add_note',
    'finish',
  ]);
  const [tools] = server.requests.map(({ body }) => body.tools);
  expect(tools).toEqual([
    { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
    { type: 'function', function: expect.objectContaining({ name: 'notes__add_note' }), defer_loading: true },
    { type: 'function', function: expect.objectContaining({ name: 'finish' }) },
  ]);
  const schemas = trajectory.turns.map(({ tokens }) => tokens.schemas);
  expect(schemas, 'what is deferred is not counted').toEqual(schemas.map(() => ({})));
  const history = server.requests.at(-1)?.body.messages.find(({ role }: { role: string }) => role === 'assistant');
  expect(history.tool_calls.length).toBe(1);
});

test('the search is the one that was asked for', async () => {
  await using server = await fakeServer(() => ({ body: completion({ tool_calls: [called('finish', {})] }) }));
  await play(server.url, 'orq');
  expect(server.requests[0]?.body.tools[0]).toEqual({ type: 'orq:tool_search' });
});

test('an endpoint that refuses deferred functions ends the run with cause and cure', async () => {
  await using server = await fakeServer(() => ({
    status: 400,
    body: { error: { message: "Unknown parameter: 'tools[1].defer_loading'." } },
  }));
  await expect(play(server.url, 'bm25')).rejects.toThrow(
    /takes no deferred functions \(400: Unknown parameter.*\)\. Leave out tools=deferred, choose another tool-search/,
  );
  await using without = await fakeServer(() => ({ status: 400, body: { error: 'tiny does not support tools' } }));
  await expect(play(without.url, 'bm25')).rejects.toThrow(/takes no functions .* so that none can be deferred/);
});

const requestFor = async (policy: string, view: string) => {
  const { settings } = readNamedSettings(policy, servedSettings);
  const job = { policy, view, seed: 1 } as Job;
  return { argument: 'm', settings, job, suite: await suiteNamed('micro'), ceilings: {} };
};

const open = async (policy: string, view: string) => openAiPolicy.open(await requestFor(policy, view));
const limitOf = (policy: string) => functionLimitOf({ policy } as Job);

test('where nothing can be deferred it is said before a run', async () => {
  vi.stubEnv('OPENAI_BASE_URL', '');
  await expect(open('openai:m?tools=deferred', 'tool')).rejects.toThrow(/the view tool has none\..*--view native/);
  await expect(open('openai:m?tools=deferred', 'native')).rejects.toThrow(/api\.openai\.com .* Responses API alone/);
  await expect(
    open('openai:m?tools=deferred&base-url=https%3A%2F%2Fopenrouter.ai%2Fapi%2Fv1', 'native'),
  ).rejects.toThrow(/openrouter\.ai searches deferred functions in its Responses and Messages APIs alone/);
  await expect(
    (async () => ollamaPolicy.open(await requestFor('ollama:m?tools=deferred', 'native')))(),
  ).rejects.toThrow(/Ollama searches no deferred functions/);
  expect([(await limitOf('openai:m'))?.most, await limitOf('openai:m?tools=deferred')]).toEqual([128, undefined]);
});
