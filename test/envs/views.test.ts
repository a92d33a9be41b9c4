import { describe, expect, test } from 'vitest';
import { WorldFailure } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Action, OpenView, Tool, World } from '../../core/types.ts';
import eager from '../../envs/views/eager.ts';
import server from '../../envs/views/server.ts';
import tool from '../../envs/views/tool.ts';

const numberTool = (owner: string, name: string): Tool => ({
  server: owner,
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false },
});

/** Two servers, the second with a given number of tools. The world echoes and counts its calls. */
function fakeWorld(size = 2) {
  const calls: JsonObject[] = [];
  const tools = Array.from({ length: size }, (_, index) => numberTool('big', `tool-${index}`));
  const world: World = {
    toolspace: {
      servers: [
        { name: 'small', summary: 'One thing.' },
        { name: 'big', summary: 'Many things.' },
      ],
      tools: [numberTool('small', 'only'), ...tools],
    },
    root: '/world',
    startHash: '',
    call: async (_server, name, args) => {
      calls.push(args);
      if (name === 'tool-1') throw new WorldFailure('gone');
      return { text: `${name} ok`, isError: false };
    },
    evidence: async () => ({}),
    inspect: async () => [],
  };
  return { world, calls };
}

const act = (name: string, args: unknown = {}): Action => ({ name, arguments: args as JsonObject });
const call = (owner: string, name: string, args: unknown = { a: 1 }) =>
  act('call_tool', { server: owner, tool: name, arguments: args });
const UP_FRONT = { toolNamesUpFront: true };
const ON_DEMAND = { toolNamesUpFront: false };

const turns = async (size: number) => {
  const { world } = fakeWorld(size);
  const view = tool(world, ON_DEMAND);
  const replies = [];
  for (let i = 0; i < 20; i++) replies.push(await view.act(act('load_tools', { server: 'big', tools: ['tool-0'] })));
  replies.push(await view.act(call('big', 'tool-0')), await view.act(act('list_servers')));
  return { replies, system: view.system, metaTools: view.metaTools, visible: view.visible.loaded.length };
};

describe('the tool view', () => {
  test('shows names up front or on demand, and schemas tool by tool', async () => {
    const { world } = fakeWorld();
    expect(tool(world, UP_FRONT).system).toContain('- big: Many things. Tools: tool-0, tool-1');
    const view = tool(world, ON_DEMAND);
    expect(view.system).not.toContain('tool-0');
    expect(view.visible.names.size).toBe(0);
    const listed = await view.act(act('list_tools', { server: 'big' }));
    expect(listed).toMatchObject({ observation: { text: 'tool-0\ntool-1' }, event: { kind: 'listed', server: 'big' } });
    expect(view.visible.names.get('big')).toEqual(['tool-0', 'tool-1']);
    const loaded = await view.act(act('load_tools', { server: 'big', tools: ['tool-1', 'tool-1'] }));
    expect(JSON.parse(loaded.observation.text)).toMatchObject({ name: 'tool-1', description: 'Does tool-1.' });
    expect(loaded).toMatchObject({ observation: { source: 'schemas', server: 'big', cutTokens: 0 } });
    expect(loaded.event).toEqual({ kind: 'loaded', server: 'big', tools: ['tool-1'] });
    expect(view.visible.loaded.map(({ name }) => name)).toEqual(['tool-1']);
  });

  test('answers the call of a tool that is not loaded with advice, and calls it once it is', async () => {
    const { world, calls } = fakeWorld();
    const view = tool(world, UP_FRONT);
    const refused = await view.act(call('small', 'only'));
    expect(refused.observation).toMatchObject({ isError: true, text: expect.stringContaining('load_tools') });
    expect(refused.event).toEqual({ kind: 'refused', server: 'small', tools: ['only'] });
    expect(calls).toEqual([]);
    await view.act(act('load_tools', { server: 'small', tools: ['only'] }));
    const done = await view.act(call('small', 'only'));
    expect(done.observation).toEqual({
      text: 'only ok',
      isError: false,
      source: 'results',
      server: 'small',
      cutTokens: 0,
    });
    expect(done.event).toEqual({ kind: 'called', server: 'small', tools: ['only'] });
    expect(calls).toEqual([{ a: 1 }]);
  });

  test('loads nothing when one of the names is unknown', async () => {
    const view = tool(fakeWorld().world, UP_FRONT);
    const reply = await view.act(act('load_tools', { server: 'big', tools: ['tool-0', 'tool-9'] }));
    expect(reply).toMatchObject({ observation: { isError: true }, event: { kind: 'refused' } });
    expect(view.visible.loaded).toEqual([]);
  });

  test('offers the same functions and prompt growth of nothing per turn, with 10 tools or 3,000', async () => {
    expect(await turns(3000)).toEqual(await turns(10));
  });
});

describe('the server view', () => {
  test('loads all schemas of a server', async () => {
    const view = server(fakeWorld().world, ON_DEMAND);
    expect(await view.act(call('big', 'tool-0'))).toMatchObject({
      observation: { text: expect.stringContaining('load_server') },
      event: { kind: 'refused' },
    });
    const loaded = await view.act(act('load_server', { server: 'big' }));
    expect(loaded.observation.text.split('\n').map((line) => JSON.parse(line).name)).toEqual(['tool-0', 'tool-1']);
    expect(view.visible.names.get('big')).toEqual(['tool-0', 'tool-1']);
    expect((await view.act(call('big', 'tool-0'))).event.kind).toBe('called');
  });
});

describe('the eager view', () => {
  test('shows every schema in the prompt, per server, as a substring', async () => {
    const view = eager(fakeWorld().world, ON_DEMAND);
    expect(view.schemas.map((part) => part.server)).toEqual(['small', 'big']);
    for (const { text } of view.schemas) expect(view.system).toContain(text);
    expect(view.visible.loaded).toHaveLength(3);
    expect((await view.act(call('big', 'tool-0'))).event.kind).toBe('called');
  });
});

const VIEWS: readonly (readonly [string, OpenView])[] = [
  ['eager', eager],
  ['server', server],
  ['tool', tool],
];

describe.each(VIEWS)('the %s view', (_name, open) => {
  const opened = async () => {
    const { world, calls } = fakeWorld();
    const view = open(world, UP_FRONT);
    await view.act(act('load_server', { server: 'big' }));
    await view.act(act('load_tools', { server: 'big', tools: ['tool-0', 'tool-1'] }));
    return { view, calls };
  };

  test.each([
    ['an unknown function', act('fly'), /no function "fly". Use one of: .*call_tool, finish/],
    ['an unknown server', call('nowhere', 'x'), /no server "nowhere". Servers: small, big/],
    ['an unknown tool', call('big', 'tool-9'), /Server big has no tool "tool-9"/],
    ['a missing argument', call('big', 'tool-0', {}), /tool-0 was not called: .*must have required property 'a'/],
    ['a wrong argument', call('big', 'tool-0', { a: 'one' }), /a must be number/],
    ['an argument too many', call('big', 'tool-0', { a: 1, b: 2 }), /additional properties: "b"/],
    [
      'arguments that are no object',
      call('big', 'tool-0', 'a=1'),
      /call_tool was not understood: arguments must be object/,
    ],
    ['a missing field', act('call_tool', { server: 'big' }), /must have required property 'tool'/],
    ['nothing at all', act('call_tool', null), /arguments must be an object/],
    ['a list', act('call_tool', [1, 2]), /arguments must be an object/],
  ])('answers %s with help, calls nothing and counts it', async (_what, action, help) => {
    const { view, calls } = await opened();
    const reply = await view.act(action);
    expect(reply.observation).toMatchObject({ isError: true, text: expect.stringMatching(help) });
    expect(reply.event.kind).toBe('refused');
    expect(calls).toEqual([]);
  });

  test('finishes with or without an answer', async () => {
    const { view } = await opened();
    expect((await view.act(act('finish', { answer: '42' }))).finished).toEqual({ answer: '42' });
    expect(await view.act(act('finish'))).toMatchObject({ finished: { answer: '' }, event: { kind: 'finished' } });
  });

  test('lets a world failure pass', async () => {
    const { view } = await opened();
    await expect(view.act(call('big', 'tool-1'))).rejects.toThrow(WorldFailure);
  });
});

const said = async (view: ReturnType<OpenView>, action: Action) => (await view.act(action)).observation.text;

describe('tools that change in mid-episode', () => {
  const changedTool = { ...numberTool('big', 'tool-0'), description: 'Does more.' };
  const after = [changedTool, numberTool('big', 'fresh')];
  const opened = async (open: OpenView) => {
    const { world } = fakeWorld();
    const call: World['call'] = async (owner, name, args) => {
      const result = await world.call(owner, name, args);
      return owner === 'small' ? { ...result, tools: [numberTool('small', 'only')] } : { ...result, tools: after };
    };
    const view = open({ ...world, call }, ON_DEMAND);
    await view.act(act('load_server', { server: 'big' }));
    await view.act(act('load_tools', { server: 'big', tools: ['tool-0'] }));
    return view;
  };

  test.each(VIEWS)('are told with the next result, and the prompt stays: %s', async (_, open) => {
    const view = await opened(open);
    const { system } = view;
    const notice = /^\[The tools of server big have changed: added fresh; removed tool-1; changed tool-0\./;
    expect(await said(view, call('big', 'tool-0'))).toMatch(notice);
    expect(await said(view, call('big', 'tool-1'))).toBe('Server big no longer has the tool "tool-1".');
    expect(view.system).toBe(system);
  });

  test('stand in the notice where the view shows everything, and are told once', async () => {
    const view = await opened(eager);
    const { text: told, schemaSpan = [0, 0] } = (await view.act(call('big', 'tool-0'))).observation;
    expect(told).toContain('"description":"Does more."');
    const lines = told
      .slice(...schemaSpan)
      .split('\n')
      .slice(1);
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(['fresh', 'tool-0']);
    expect(told).toMatch(/"name":"fresh".*\n.*\ntool-0 ok$/);
    const { observation } = await view.act(call('big', 'fresh'));
    expect([observation.text, observation.schemaSpan]).toEqual(['fresh ok', undefined]);
    expect(view.visible.loaded.map(({ name }) => name).toSorted()).toEqual(['fresh', 'only', 'tool-0']);
  });

  test('have to be loaded anew where tools are loaded', async () => {
    const view = await opened(tool);
    expect(await said(view, call('big', 'tool-0'))).toMatch(/Load their schemas before you call them\.\]\ntool-0 ok$/);
    expect(await said(view, call('big', 'tool-0'))).toMatch(/is not loaded/);
    expect(await said(view, act('list_tools', { server: 'big' }))).toBe('tool-0\nfresh');
    expect(await said(view, act('load_tools', { server: 'big', tools: ['tool-0'] }))).toContain('Does more.');
    expect(await said(view, call('big', 'tool-0'))).toBe('tool-0 ok');
  });

  test('that are the same as before are not mentioned', async () => {
    const view = await opened(eager);
    expect(await said(view, call('small', 'only'))).toBe('only ok');
  });
});

test('what a server tells every client stands in the prompt, counted as its own', () => {
  const { world } = fakeWorld();
  const [small, big] = world.toolspace.servers as readonly [
    { name: string; summary: string },
    { name: string; summary: string },
  ];
  const servers = [{ ...small, instructions: 'Say please.' }, big];
  for (const [, open] of VIEWS) {
    const view = open({ ...world, toolspace: { ...world.toolspace, servers } }, ON_DEMAND);
    expect(view.system).toMatch(/\nInstructions of server small: Say please\.$/);
    expect(view.schemas.at(-1)).toEqual({ server: 'small', text: 'Instructions of server small: Say please.' });
  }
});

test('a result that is not what its tool promised is shown with what is wrong', async () => {
  const { world } = fakeWorld();
  const promising = {
    ...numberTool('small', 'only'),
    outputSchema: { type: 'object', properties: { n: { type: 'number' } } },
  };
  const of = async (structured: string) => {
    const view = eager(
      {
        ...world,
        toolspace: { ...world.toolspace, tools: [promising] },
        call: async () => ({ text: 'ok', isError: false, structured }),
      },
      ON_DEMAND,
    );
    return (await view.act(call('small', 'only'))).observation.text;
  };
  expect(await of('{"n":"x"}')).toBe("[By the tool's outputSchema this result is wrong: n must be number.]\nok");
  expect(await of('{"n":1}')).toBe('ok');
});
