import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Manifest } from '../../core/run-types.ts';
import { viewModels } from '../../commands/shared/tell-views.ts';
import { viewNamed } from '../../envs/view-list.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { fakeServer, type FakeRequest } from '../models/fake-server.ts';
import { isWhole } from '../whole.ts';
import { act, fakeTool, onDemand, worldOf } from './fake-tools.ts';

// The endpoint is a fake: its vectors count three topics, and say nothing of how well a real model finds tools.
const topics = [/file|disk|paper/, /note|memo|paper/, /shop|buy|item/];
const vectorOf = (text: string) => topics.map((topic) => (text.toLowerCase().match(topic) ?? []).length);

const embeddings = ({ path, body }: FakeRequest) => {
  if (path.endsWith('/api/tags'))
    return { body: { models: ['nomic', 'words'].map((name) => ({ name: `${name}:latest`, digest: 'abc123' })) } };
  if (path.endsWith('/models')) return { body: { data: [{ id: 'vectors' }] } };
  const data = (body.input as string[]).map((text, index) => ({ index, embedding: vectorOf(text) }));
  // In any order, as the interface allows.
  return { body: { data: data.toReversed() } };
};
const asked = (requests: readonly FakeRequest[]) =>
  requests.filter(({ path }) => path.endsWith('/v1/embeddings')).map(({ body }) => body.input as string[]);

const tools = [
  fakeTool('files', 'write', 'Puts a text into a file.'),
  fakeTool('notes', 'keep', 'Keeps a memo.'),
  fakeTool('shop', 'list', 'Shows all that one can buy.'),
];
const find = (query: string, limit = 1) => act('search_tools', { query, limit });
const named = (text: string) => text.split('\n').map((line) => (JSON.parse(line) as { server: string }).server);

beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
});

test('a search by vectors asks for those of the tools once, keeps them on disk, and shows the nearest', async () => {
  await using server = await fakeServer(embeddings);
  vi.stubEnv('OLLAMA_HOST', server.url);
  const name = 'search?by=vectors&embeddings=ollama:nomic';
  const world = worldOf(tools);
  const openView = await viewNamed(name);
  const view = openView(world, onDemand);
  expect(view.name).toBe(name);
  const { observation, event } = await view.act(find('memo'));
  expect(named(observation.text)).toEqual(['notes']);
  expect(event).toMatchObject({ kind: 'loaded', server: 'notes' });
  expect(named((await openView(world, onDemand).act(find('to buy something', 3))).observation.text)).toEqual(['shop']);
  const [first, second, third, ...queries] = asked(server.requests);
  expect([first, second, third]).toEqual([
    ['write: Puts a text into a file.'],
    ['keep: Keeps a memo.'],
    ['list: Shows all that one can buy.'],
  ]);
  expect(queries).toEqual([['memo'], ['to buy something']]);

  // Another toolspace of the same servers, in another thread or run: what is kept is not asked for again.
  const other = worldOf(tools);
  await openView(other, onDemand).act(find('memo'));
  expect(asked(server.requests).slice(5)).toEqual([['memo']]);
  expect((await openView(other, onDemand).act(find('  '))).observation.text).toMatch(/the query is empty/);
  expect(named((await openView(other, onDemand).act(find('files write'))).observation.text)).toEqual(['files']);
  expect(asked(server.requests).length, 'neither asks for a vector').toBe(6);

  // A damaged file is no error.
  const folder = join(process.env['XDG_CACHE_HOME'] ?? '', 'toolstone', 'vectors');
  for (const file of readdirSync(folder)) writeFileSync(join(folder, file), 'x');
  expect(named((await openView(worldOf(tools), onDemand).act(find('memo'))).observation.text)).toEqual(['notes']);
});

test.each([
  [
    { status: 404, body: { error: { message: 'model "vectors" not found' } } },
    /answered 404: .*Asked: POST .*\/v1\/embeddings/,
  ],
  [{ body: { data: [] } }, /sent 0 vectors for 1 texts.*Name a model that makes embeddings/],
  [{ body: { data: [{ embedding: ['a'] }] } }, /sent 0 vectors for 1 texts/],
  [{ status: 401, body: { error: 'no key' } }, /refuses the key/],
])('%j of an endpoint is told in a sentence', async (answer, sentence) => {
  await using server = await fakeServer(() => answer);
  const address = encodeURIComponent(`openai:vectors?base-url=${encodeURIComponent(`${server.url}/v1`)}`);
  const view = (await viewNamed(`search?by=vectors&embeddings=${address}`))(worldOf(tools), onDemand);
  await expect(view.act(find('memo'))).rejects.toThrow(sentence);
});

test('settings that say half of it, or name no such model, are refused', async () => {
  await expect(viewNamed('search?by=vectors')).rejects.toThrow(
    /name it, as in search\?by=vectors&embeddings=ollama:MODEL/,
  );
  await expect(viewNamed('search?embeddings=ollama:nomic')).rejects.toThrow(
    /Write search\?by=vectors&embeddings=ollama:nomic/,
  );
  const view = (await viewNamed('search?by=vectors&embeddings=nomic'))(worldOf(tools), onDemand);
  await expect(view.act(find('memo'))).rejects.toThrow(
    /"nomic" names no model that makes embeddings\. Write ollama:MODEL/,
  );
});

const view = (model: string) => ({ view: `search?by=vectors&embeddings=ollama:${model}` });

test('a manifest says which model found the tools, and one that is not there is told before a run', async () => {
  await using server = await fakeServer(embeddings);
  vi.stubEnv('OLLAMA_HOST', server.url);
  expect(await viewModels([{ view: 'search' }, { view: 'tool' }])).toEqual({});
  expect(await viewModels([view('words'), view('words'), { view: 'tool' }])).toEqual({
    viewModels: [{ model: 'ollama:words', build: 'abc123', width: 3 }],
  });
  await expect(viewModels([view('gone')])).rejects.toThrow(/has no model "gone"\..*ollama pull gone/);
});

const words = ['run', '--policy', 'retrieval', '--suite', 'micro', '--limit', '1'] as const;

test.runIf(isWhole)('a run by vectors finds tools by the model, and its manifest names it', async () => {
  await using server = await fakeServer(embeddings);
  vi.stubEnv('OLLAMA_HOST', server.url);
  const out = join(temporaryFolder(), 'run');
  const { code, stderr } = await toolstone(
    ...words,
    '--view',
    'search?by=vectors&embeddings=ollama:nomic:latest',
    '--out',
    out,
  );
  expect(code, stderr).toBe(0);
  const { viewModels: models } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
  expect(models).toEqual([{ model: 'ollama:nomic:latest', build: 'abc123', width: 3 }]);
  expect(asked(server.requests).flat()).toContainEqual(expect.stringMatching(/^write_file: /));
});
