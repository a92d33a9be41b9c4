import { expect, test } from 'vitest';
import { planProgram } from '../../baselines/programs/plan-program.ts';
import { declarationsOf } from '../../core/declarations/declarations.ts';
import type { Action, OpenView, Toolspace } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import eager from '../../envs/views/eager.ts';
import search from '../../envs/views/search.ts';
import { played, program, toolOf, world } from './two-servers.ts';

/** Servers of which three would be the same identifier, one that no program can name, and one whose name needs no word. */
const names = ['a-b', 'a_b', 'a.b', 'delete', 'far-away'];
const toolspace: Toolspace = {
  servers: names.map((name) => ({ name, summary: `Is ${name}.` })),
  tools: names.map((name) => toolOf(name, 'send')),
};
const identifiers = { 'a-b': 'a_b_2', a_b: 'a_b', 'a.b': 'a_b_3', delete: 'delete_', 'far-away': 'far_away' };

test('servers have the same names in prompt, declarations and for policies, in every view', async () => {
  const declared = [...declarationsOf(toolspace.tools).matchAll(/^declare namespace (\S+) /gm)].map(([, name]) => name);
  expect(declared).toEqual(Object.values(identifiers));
  for (const name of viewNames())
    for (const execution of ['programs', 'both'] as const) {
      const view = withExecution(await viewNamed(name), execution)({ ...world, toolspace }, { toolNamesUpFront: true });
      const { inProgram } = view.visible;
      expect(Object.fromEntries(names.map((server) => [server, inProgram?.(server)]))).toEqual(identifiers);
      const told = /is written _: (.*)\.$/m.exec(view.system)?.[1] ?? '';
      expect(told, name).toContain('a-b is a_b_2, a.b is a_b_3, delete is delete_');
      // What the rule gives is told of servers that are shown alone.
      expect(told.includes('far-away is far_away'), name).toBe(view.visible.servers.length > 0);
      view.close?.();
    }
});

test('programs reach the servers that they name, also where the view shows none', async () => {
  const reached: string[] = [];
  const call: typeof world.call = async (server) => {
    reached.push(server);
    return { text: server, isError: false };
  };
  const find: Action = { name: 'search_tools', arguments: { query: 'send', limit: names.length } };
  const view = withExecution(search, 'programs')({ ...world, toolspace }, { toolNamesUpFront: true });
  const plan = names.map((server) => ({ server, tool: 'send', arguments: { text: 'a' }, after: [] }));
  const written = Object.values(identifiers).map((one) => `await ${one}.send({ text: 'a' })`);
  const programs = [planProgram({ plan, visible: view.visible }).code, `return [${written.join(', ')}]`].map(program);
  view.close?.();
  const { shown } = await played([find, ...programs], { openView: search, toolspace, call });
  expect(shown.slice(1)).toEqual(['done', JSON.stringify(names)]);
  expect(reached).toEqual([...names, ...names]);
});

const saying =
  (word: string): OpenView =>
  (opened, options) => ({ ...eager(opened, options), system: word });

test('what a view says is kept for no other of its name and length', () => {
  const systems = ['blue', 'grey'].map((word) => {
    const view = withExecution(saying(word), 'programs')(world, { toolNamesUpFront: true });
    view.close?.();
    return view.system.split('\n')[0];
  });
  expect(systems).toEqual(['blue', 'grey']);
});
