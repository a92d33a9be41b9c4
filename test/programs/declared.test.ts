import { expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { Action, OpenView, Tool } from '../../core/types.ts';
import { declarationsOf } from '../../core/declarations/declarations.ts';
import { aliasedToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import { keptShapes } from '../../envs/result-shapes/result-shapes.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import eager from '../../envs/views/eager.ts';
import native from '../../envs/views/native.ts';
import search from '../../envs/views/search.ts';
import server from '../../envs/views/server.ts';
import toolView from '../../envs/views/tool.ts';
import { toolOf, world } from './two-servers.ts';

const tools: readonly Tool[] = [
  { ...toolOf('far-away', 'send'), outputSchema: { type: 'object', properties: { id: { type: 'string' } } } },
  toolOf('far-away', 'read-all'),
  toolOf('a_b', 'send'),
  toolOf('a-b', 'send'),
];
const servers = ['far-away', 'a_b', 'a-b'].map((name) => ({ name, summary: `Is ${name}.` }));
const toolspace = { servers, tools };

const loads: readonly (readonly [string, OpenView, Action])[] = [
  ['server', server, { name: 'load_server', arguments: { server: 'a-b' } }],
  ['tool', toolView, { name: 'load_tools', arguments: { server: 'a-b', tools: ['send'] } }],
  ['search', search, { name: 'search_tools', arguments: { query: 'a-b send', limit: 1 } }],
];
const ofAB = declarationsOf([toolOf('a_b_2', 'send')]).trimEnd();

/** What a policy sees once it has loaded tools, or at once. */
async function shown(openView: OpenView, execution: 'programs' | 'both', action?: Action): Promise<string> {
  const view = withExecution(openView, execution)({ ...world, toolspace }, { toolNamesUpFront: false });
  view.close?.();
  if (!action) return view.system;
  const { observation } = await view.act(action);
  expect(observation.source).toBe('schemas');
  return observation.text;
}

test.each(loads)(
  'the view %s shows declarations where programs alone call tools, by the names that they have there',
  async (_, openView, load) => {
    expect(await shown(openView, 'programs', load)).toBe(ofAB);
    expect(await shown(openView, 'both', load)).toContain('"inputSchema"');
  },
);

test('so does eager in its prompt, with what results look like', async () => {
  const system = await shown(eager, 'programs');
  expect(system).toContain(`Server a-b: Is a-b.\n${ofAB}`);
  expect(system).toContain('declare namespace far_away {\n');
  expect(system).toMatch(/function send\(args: [^]*\): Promise<\{\n    id\?: string;\n  \}>;\n/);
  expect(system).not.toContain('"inputSchema"');
  expect(system).toContain('Schemas are shown as TypeScript declarations');
  const both = await shown(eager, 'both');
  expect(both).toContain('"inputSchema"');
  expect(both).not.toContain('declarations');
});

const ofMemory = toolspaceOf(['memory']);
const draw = { share: 1, seed: 1, vocabulary: 'test', heldOutServers: [] } as const;
const aliased = aliasedToolspace(['memory'], draw);

test.each([
  ['its own names', ofMemory, ofMemory.tools],
  // Where a result is what its tool really gives, it says so by any name.
  ['other names', aliased.toolspace, aliased.toolspace.tools.map(realTool)],
])('what results of the catalogue look like is shown under %s', (_, offered, real) => {
  const view = withExecution(eager, 'programs')({ ...world, toolspace: offered }, { toolNamesUpFront: false });
  view.close?.();
  const shapes = real.map(({ name }) => keptShapes['memory']?.tools[name]);
  const known = offered.tools.map((tool, place) => ({ ...tool, resultShape: shapes[place] as JsonObject }));
  expect(shapes).not.toContain(undefined);
  expect(view.system).toContain(declarationsOf(known).trimEnd());
});

function realTool({ server, name }: Tool): Tool {
  const real = aliased.translation.toolNames({ server, tool: name })?.tool;
  return ofMemory.tools.find((tool) => tool.name === real) as Tool;
}

test('functions of the view native keep their schemas', async () => {
  expect(await shown(native, 'programs')).not.toContain('TypeScript');
});

test.each<[string, OpenView, 'programs' | 'both', boolean]>([
  ['declarations show', eager, 'programs', true],
  ['schemas do not show', eager, 'both', false],
  ['functions do not show', native, 'programs', false],
])('a policy may know what results look like where %s it', (_, openView, execution, isKnown) => {
  const { visible, close } = withExecution(openView, execution)({ ...world, toolspace }, { toolNamesUpFront: false });
  close?.();
  const [send, readAll] = tools.map((tool) => visible.resultShape?.(tool));
  expect([send, readAll]).toEqual([isKnown ? tools[0]?.outputSchema : undefined, undefined]);
});

test('a search names what it has shown as programs do, and its parts are of one server each', async () => {
  const view = withExecution(search, 'programs')({ ...world, toolspace }, { toolNamesUpFront: false });
  view.close?.();
  const find = (query: string, limit: number) => view.act({ name: 'search_tools', arguments: { query, limit } });
  await find('far-away read-all', 1);
  const { observation } = await find('send read-all far-away', 4);
  expect(observation.text).toMatch(/\nShown before: far_away\.read_all\.$/);
  const parts = observation.schemaParts ?? [];
  let start = 0;
  for (const { server: name, end } of parts.slice(0, -1)) {
    const identifier = view.visible.inProgram?.(name);
    expect(observation.text.slice(start, end)).toMatch(new RegExp(`^declare namespace ${identifier} [^]*\\}\\n$`));
    start = end;
  }
  expect(parts.at(-1)?.end).toBe(observation.text.length);
});

test('what comes in mid-episode is declared, too', async () => {
  const added = toolOf('a-b', 'new-one');
  const ofServer = [...tools.filter((tool) => tool.server === 'a-b'), added];
  const call = async () => ({ text: 'done', isError: false, tools: ofServer });
  const view = withExecution(eager, 'programs')({ ...world, toolspace, call }, { toolNamesUpFront: false });
  const { inside = [] } = await view.act({
    name: 'run_program',
    arguments: { code: "await a_b_2.send({ text: 'a' })" },
  });
  view.close?.();
  expect(inside[0]?.observation.text).toContain('declare namespace a_b_2 {\n');
  expect(inside[0]?.observation.text).toContain('function new_one(');
});
