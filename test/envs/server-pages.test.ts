import { describe, expect, test } from 'vitest';
import { viewNamed } from '../../envs/view-list.ts';
import { act, fakeTool, onDemand, worldOf } from './fake-tools.ts';

const worldOfServers = (count: number) =>
  worldOf(Array.from({ length: count }, (_, index) => fakeTool(`server${index}`, index === 7 ? 'mow_lawn' : 'do_it')));
const opened = async (view: string, count: number, toolNamesUpFront = false) =>
  (await viewNamed(view))(worldOfServers(count), { toolNamesUpFront });
const list = (args: Record<string, string | number> = {}) => act('list_servers', args);

describe.each(['tool', 'server'])('the view %s with pages of servers', (name) => {
  test('shows a page in the prompt, which does not grow with the servers, and the others when asked', async () => {
    const view = await opened(`${name}?page=3`, 10);
    expect(view.name).toBe(`${name}?page=3`);
    expect(view.system).toMatch(
      /- server2: Is server2\.\nThese are 3 of 10 servers\. list_servers shows the others, by pages or for a query\.$/,
    );
    expect((await opened(`${name}?page=3`, 1000)).system.length - view.system.length).toBe('1000'.length - '10'.length);
    expect(view.visible.servers).toHaveLength(3);
    const said = async (args: Parameters<typeof list>[0]) => (await view.act(list(args))).observation.text;
    expect(await said({ page: 2 })).toBe(
      '- server3: Is server3.\n- server4: Is server4.\n- server5: Is server5.\nPage 2 of 4.',
    );
    expect(await said({ query: 'mow the lawn' })).toBe('- server7: Is server7.');
    expect(await said({ query: 'server9' })).toMatch(/^- server9: /);
    expect(view.visible.servers.map(({ name: one }) => one)).toEqual(
      [0, 1, 2, 3, 4, 5, 7, 9].map((number) => `server${number}`),
    );
  });

  test('says what cannot be listed, and names no other servers than those that are near', async () => {
    const view = await opened(`${name}?page=3`, 10);
    const said = async (...asked: Parameters<typeof act>) => (await view.act(act(...asked))).observation.text;
    expect(await said('list_servers', { page: 9 })).toBe('There is no page 9: the last one is 4.');
    expect(await said('list_servers', { query: 'zebra' })).toBe('No server was found for "zebra". Try other words.');
    expect(await said('call_tool', { server: 'servr8', tool: 'x', arguments: {} })).toMatch(
      /^There is no server "servr8"\. Did you mean "server\d"\? list_servers finds servers for a query\.$/,
    );
  });

  test('shows all where there are no more than a page, and without the setting always', async () => {
    const [whole, few] = [await opened(name, 10), await opened(`${name}?page=10`, 10)];
    expect(few.system).toBe(whole.system);
    expect(whole.metaTools.find((tool) => tool.name === 'list_servers')?.inputSchema['properties']).toEqual({});
    expect(await opened(`${name}?page=0`, 10)).toMatchObject({ name, system: whole.system });
  });
});

test('with names up front the page has those of its tools, and so has each page that follows', async () => {
  const view = await opened('tool?page=3', 10, true);
  expect(view.system).toContain('- server2: Is server2. Tools: do_it\n');
  expect([...view.visible.names.keys()]).toEqual(['server0', 'server1', 'server2']);
  expect((await view.act(list({ page: 4 }))).observation.text).toBe(
    '- server9: Is server9. Tools: do_it\nPage 4 of 4.',
  );
  expect(view.visible.names.get('server9')).toEqual(['do_it']);
});

test('in the view server no page names tools, as its prompt does not, whether names are up front or not', async () => {
  const [upFront, without] = [await opened('server?page=3', 10, true), await opened('server?page=3', 10)];
  expect(upFront.system).toBe(without.system);
  for (const asked of [list({ page: 4 }), list({ query: 'mow the lawn' })])
    expect(await upFront.act(asked)).toEqual(await without.act(asked));
  expect(upFront.visible.names.size).toBe(0);
});

test('a list in pages shows and finds the tools that a server has now, and other episodes those that it began with', async () => {
  const open = await viewNamed('tool?page=3');
  const tools = Array.from({ length: 5 }, (_, index) => fakeTool(`server${index}`, 'do_it'));
  const world = worldOf(tools, [[fakeTool('server4', 'mow_lawn')]]);
  const view = open(world, { toolNamesUpFront: true });
  const said = async (...asked: Parameters<typeof act>) => (await view.act(act(...asked))).observation.text;
  expect(await said('list_servers', { query: 'mow the lawn' })).toMatch(/^No server was found/);
  await said('load_tools', { server: 'server4', tools: ['do_it'] });
  await said('call_tool', { server: 'server4', tool: 'do_it', arguments: { text: 'x' } });
  const now = '- server4: Is server4. Tools: mow_lawn';
  expect(await said('list_servers', { query: 'mow the lawn' })).toBe(now);
  expect(await said('list_servers', { page: 2 })).toContain(now);
  const next = open(world, { toolNamesUpFront: true });
  expect((await next.act(list({ query: 'mow the lawn' }))).observation.text).toMatch(/^No server was found/);
  expect((await next.act(list({ page: 2 }))).observation.text).toContain('- server4: Is server4. Tools: do_it');
});

test.each([
  ['tool?page=x', /page is a whole number from 0 to 1000/],
  ['eager?page=3', /"page=3" is no setting of "eager"\. There are none\./],
  ['nowhere?page=3', /There is no view "nowhere"\. Known: eager, native, search, server, tool\./],
])('%s is refused in a sentence', async (view, sentence) => {
  await expect(viewNamed(view)).rejects.toThrow(sentence);
  expect((await viewNamed('tool'))(worldOfServers(2), onDemand).name).toBe('tool');
});
