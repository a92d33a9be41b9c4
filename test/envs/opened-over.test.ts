import { expect, test } from 'vitest';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import { openedOver } from '../../envs/view-parts/opened-over.ts';
import { fakeTool, onDemand, worldOf } from './fake-tools.ts';

const settings = ['tool?page=1', 'server?page=1', 'search?k=3'];

test.each([...viewNames(), ...settings])('over no tools a view is what it is over some: %s', async (name) => {
  const openView = await viewNamed(name);
  const empty = openedOver(openView);
  const full = openView(worldOf([fakeTool('files', 'write_file'), fakeTool('notes', 'read_note')]), onDemand);
  expect(empty.name).toBe(full.name);
  expect(empty.functions === undefined).toBe(full.functions === undefined);
  if (!full.functions) expect(empty.metaTools).toEqual(full.metaTools);
});

test('nothing can be called in a view over no tools', async () => {
  const empty = openedOver(await viewNamed('eager'));
  const action = { name: 'call_tool', arguments: { server: 'files', tool: 'write_file', arguments: { text: 'x' } } };
  expect((await empty.act(action)).event.kind).toBe('refused');
});
