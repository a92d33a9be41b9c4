import { expect, test } from 'vitest';
import { executions } from '../../core/execution.ts';
import { systemMessage } from '../../core/tokens/template.ts';
import type { Action } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import native from '../../envs/views/native.ts';
import search from '../../envs/views/search.ts';
import toolView from '../../envs/views/tool.ts';
import { played, program, world } from './two-servers.ts';

const readCall: Action = { name: 'call_tool', arguments: { server: 'notes', tool: 'read', arguments: { text: 'a' } } };

test('what the view has not loaded is refused in its words, and recorded so', async () => {
  const { shown, turns } = await played([program("await notes.read({ text: 'a' })")], { openView: toolView });
  expect(shown[0]).toContain(
    'The schema of read is not loaded. Call load_tools with {"server":"notes","tools":["read"]} first.',
  );
  expect(turns[0]?.calls.map(({ event }) => event.kind)).toEqual(['refused', 'ran']);
});

test.each(viewNames())('the view %s offers programs in place of calls, or beside them', async (name) => {
  const openView = await viewNamed(name);
  for (const execution of executions) {
    const view = withExecution(openView, execution)(world, { toolNamesUpFront: true });
    const offered = view.metaTools.map((one) => one.name).filter((one) => ['call_tool', 'run_program'].includes(one));
    const byCalls = view.functions ? [] : ['call_tool'];
    expect(offered).toEqual(
      { calls: byCalls, programs: ['run_program'], both: [...byCalls, 'run_program'] }[execution],
    );
    if (execution === 'programs') expect(view.system).not.toContain('call_tool');
    const showsServers = view.visible.servers.length > 0;
    if (execution !== 'calls') expect(view.system.includes('far-away is far_away')).toBe(showsServers);
    const prompt = systemMessage(view.system, view.metaTools);
    expect(view.schemas.every(({ text }) => prompt.includes(text))).toBe(true);
    expect(view.metaTools).toBe(withExecution(openView, execution)(world, { toolNamesUpFront: true }).metaTools);
    view.close?.();
  }
});

test('where each tool is a function of its own, programs call it, and it is called itself only where calls are offered, too', async () => {
  const actions = [program("(await notes.read({ text: 'a' })).lines.length"), readCall];
  const alone = await played(actions, { openView: native });
  expect(alone.shown).toEqual([
    '2',
    'Tools are called by programs alone. Call run_program: in a program notes__read is notes.read.',
  ]);
  const inside = alone.turns[0]?.calls[0];
  expect(inside).toMatchObject({ isInside: true, action: readCall, event: { kind: 'called' } });
  expect(inside).not.toHaveProperty('written');
  expect(alone.turns[1]?.calls[0]).toMatchObject({ action: readCall, written: { name: 'notes__read' } });
  const both = await played(actions, { openView: native, execution: 'both' });
  expect(both.shown).toEqual(['2', 'words']);
  const misspelt = await played([{ name: 'notes__raed', arguments: {} }], { openView: native, execution: 'both' });
  expect(misspelt.shown).toEqual(['There is no function "notes__raed". Did you mean "notes__read"?']);
  const unknown = await played([program('notes.raed({})')], { openView: native });
  expect(unknown.shown[0]).toContain('Did you mean notes.read?');
});

test('programs may call what a search has found, and nothing else', async () => {
  const query: Action = { name: 'search_tools', arguments: { query: 'far-away send', limit: 1 } };
  const send = program("await far_away.send({ text: 'a' })");
  const { shown, turns } = await played([send, query, send], { openView: search });
  expect(shown[0]).toContain('The schema of send is not loaded. Call search_tools');
  expect(shown[2]).toBe('Noted: a');
  expect(turns.map(({ calls }) => calls.map(({ event }) => event.kind))).toEqual([
    ['refused', 'ran'],
    ['loaded'],
    ['called', 'ran'],
    ['finished'],
  ]);
});

test('a call is none where programs alone may call', async () => {
  const { shown } = await played([readCall]);
  expect(shown).toEqual(['There is no function "call_tool". Use one of: run_program, finish.']);
  expect((await played([{ name: 'run_program', arguments: {} }])).shown[0]).toContain(
    "must have required property 'code'",
  );
});
