import { describe, expect, test } from 'vitest';
import { loadedBy } from '../../core/loaded-tools.ts';
import { makeLedger } from '../../core/tokens/ledger.ts';
import { viewNamed } from '../../envs/view-list.ts';
import search from '../../envs/views/search.ts';
import { act, fakeTool, onDemand, worldOf } from './fake-tools.ts';

const tools = [
  fakeTool('files', 'write_file', 'Puts a text into a file.'),
  fakeTool('files', 'remove_file', 'Deletes a file.'),
  fakeTool('notes', 'write_note', 'Keeps a note.', 'wording'),
  fakeTool('shop', 'list_items', 'Shows all that can be bought.'),
];
const find = (query: string, limit?: number) =>
  act('search_tools', { query, ...(limit === undefined ? {} : { limit }) });
const call = (server: string) => act('call_tool', { server, tool: 'write_file', arguments: { text: 'x' } });
const namesIn = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { server: string; name: string })
    .map(({ server, name }) => `${server}.${name}`);

describe('a search', () => {
  test('shows the best tools of all servers with their schemas, which can be called at once', async () => {
    const view = search(worldOf(tools), onDemand);
    const { observation, event } = await view.act(find('write a text', 2));
    expect(namesIn(observation.text)).toEqual(['files.write_file', 'notes.write_note']);
    expect(observation).toMatchObject({ source: 'schemas', isError: false });
    expect(loadedBy(event)).toEqual([
      { server: 'files', tools: ['write_file'] },
      { server: 'notes', tools: ['write_note'] },
    ]);
    expect(view.visible.loaded.map(({ name }) => name)).toEqual(['write_file', 'write_note']);
    expect([...view.visible.names]).toEqual([
      ['files', ['write_file']],
      ['notes', ['write_note']],
    ]);
    const written = act('call_tool', { server: 'notes', tool: 'write_note', arguments: { wording: 'x' } });
    expect((await view.act(written)).event.kind).toBe('called');
  });

  test('finds by names and descriptions of parameters, and puts a tool that it names first', async () => {
    const view = search(worldOf(tools), onDemand);
    expect(namesIn((await view.act(find('the wording'))).observation.text)[0]).toBe('notes.write_note');
    for (const name of ['files remove_file', 'files.remove_file', 'files__remove_file', ' remove_file'])
      expect(namesIn((await search(worldOf(tools), onDemand).act(find(name, 1))).observation.text), name).toEqual([
        'files.remove_file',
      ]);
  });

  test('only names what was shown before', async () => {
    const view = search(worldOf(tools), onDemand);
    await view.act(find('files write_file', 1));
    const { observation, event } = await view.act(find('file'));
    expect(namesIn(observation.text)).toEqual(['files.remove_file']);
    expect(observation.text).toMatch(/\nShown before: files write_file\.$/);
    expect(loadedBy(event)).toEqual([{ server: 'files', tools: ['remove_file', 'write_file'] }]);
  });

  test('that finds nothing, asks nothing or asks for more than there is says so', async () => {
    const view = search(worldOf(tools), onDemand);
    const said = async (query: string, limit?: number) => (await view.act(find(query, limit))).observation;
    expect(await said('zebra')).toMatchObject({
      isError: false,
      text: 'No tool was found for "zebra". Search with other words, such as what the tool should do.',
    });
    expect((await said(' ')).text).toMatch(/^Nothing was searched for: the query is empty\./);
    expect((await said('file', 9)).text).toMatch(/^There are only 4 tools, fewer than the 9 asked for\.\n\{/);
    expect((await said('file', 51)).text).toMatch(/search_tools was not understood: .*limit must be <= 50/);
  });

  test('by embeddings finds what shares no word, and both fuses the two', async () => {
    for (const view of ['search?by=embeddings&k=1', 'search?by=both&k=1']) {
      const open = await viewNamed(view);
      const opened = open(worldOf(tools), onDemand);
      expect(opened.name).toBe(view);
      expect(namesIn((await opened.act(find('purchase goods'))).observation.text), view).toEqual(['shop.list_items']);
    }
    expect((await search(worldOf(tools), onDemand).act(find('purchase goods'))).observation.text).toMatch(/^No tool/);
  });

  test('finds tools as they are after a change', async () => {
    const fresh = fakeTool('files', 'shrink_picture', 'Makes a picture smaller.');
    const view = search(worldOf(tools, [[fresh]]), onDemand);
    await view.act(find('files write_file', 1));
    expect((await view.act(call('files'))).observation.text).toMatch(
      /^\[The tools of server files have changed: .*\. Search for them before you call them\.\]\n/,
    );
    expect(namesIn((await view.act(find('smaller picture', 1))).observation.text)).toEqual(['files.shrink_picture']);
    expect(namesIn((await view.act(find('delete a file'))).observation.text)).not.toContain('files.remove_file');
  });
});

test('the prompt is the same for every toolspace, and advice leads to the search', async () => {
  const [few, many] = [tools.slice(0, 1), tools].map((some) => search(worldOf(some), onDemand));
  expect([many?.system, many?.metaTools]).toEqual([few?.system, few?.metaTools]);
  expect((await many?.act(call('files')))?.observation.text).toMatch(/Call search_tools with/);
  expect((await many?.act(call('nowhere')))?.observation.text).toBe(
    'There is no server "nowhere". Call search_tools with what the tool should do.',
  );
});

test('the schemas of a search are booked under the servers that they are of, and add up', async () => {
  const view = search(worldOf(tools), onDemand);
  const { system, metaTools, schemas } = view;
  const ledger = makeLedger({ system, metaTools, schemas, prompt: 'P', contextTokens: 9_000, resultTokens: 99 });
  const action = find('write a text');
  const before = ledger.nextPromptTokens();
  await ledger.take({ calls: [{ action }] }, [(await view.act(action)).observation]);
  const finish = act('finish');
  const { row } = await ledger.take({ calls: [{ action: finish }] }, [(await view.act(finish)).observation]);
  const parts = row.schemas;
  expect(Object.keys(parts)).toEqual(['files', 'notes', 'shop'].filter((server) => server in parts));
  expect(Object.keys(parts).length).toBeGreaterThan(1);
  const inSchemas = Object.values(parts).reduce((sum, tokens) => sum + tokens, 0);
  expect(row.system + inSchemas + row.results + row.history).toBe(row.prompt);
  expect(row.prompt).toBeGreaterThan(before);
  for (const tokens of Object.values(parts)) expect(tokens).toBeGreaterThan(30);
});
