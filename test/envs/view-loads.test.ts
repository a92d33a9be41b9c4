import { expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import { turnLimit } from '../../core/run/limits.ts';
import type { View, World } from '../../core/types.ts';
import { loadedAtOnce } from '../../core/view-loads.ts';
import type { ViewEvent } from '../../core/view-types.ts';
import { loadedBy } from '../../core/loaded-tools.ts';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import { fakeTool, onDemand, worldOf } from './fake-tools.ts';

const tools = [
  fakeTool('files', 'write_file', 'Puts a text into a file.'),
  fakeTool('files', 'remove_file', 'Deletes a file.'),
  fakeTool('files', 'open_file', 'Shows a file.'),
  fakeTool('notes', 'write_note', 'Keeps a note.'),
  fakeTool('notes', 'read_note', 'Reads a note aloud.'),
];
const call = (server: string, tool: string) => ({ server, tool, arguments: { text: 'x' }, after: [] });
const plan = [call('files', 'write_file'), call('notes', 'write_note'), call('files', 'open_file')];
const settings = ['tool?page=1', 'server?page=1', 'search?k=50&by=both'];

/** What happens in each turn of a careful policy that knows the plan. */
async function carefulEvents(view: View, { root }: World): Promise<ViewEvent[]> {
  const { metaTools, visible, system, name } = view;
  const { signal } = new AbortController();
  const careful = oracle(() => ({ plan, answer: '' }));
  const session = careful.start({
    taskId: 't',
    prompt: '',
    system,
    metaTools,
    view: name,
    visible,
    root,
    seed: 1,
    signal,
  });
  const events: ViewEvent[] = [];
  while (events.at(-1)?.kind !== 'finished') {
    const [{ action }] = (await session.act([])).calls;
    events.push((await view.act(view.functions?.written(action) ?? action)).event);
    expect(events.length).toBeLessThan(20);
  }
  return events;
}

test.each([...viewNames(), ...settings])('what is said of the loads of a view is what it does: %s', async (name) => {
  const world = worldOf(tools);
  const view = (await viewNamed(name))(world, onDemand);
  const prompt = view.system + JSON.stringify(view.metaTools);
  const shown = tools.filter(({ description }) => prompt.includes(description));
  const events = await carefulEvents(view, world);
  expect(events.map(({ kind }) => kind).filter((kind) => kind !== 'loaded')).toEqual([
    ...plan.map(() => 'called'),
    'finished',
  ]);
  const loads = events.filter(({ kind }) => kind === 'loaded');
  const [first] = loads.map((event) =>
    loadedBy(event).flatMap((one) => one.tools.map((tool) => `${one.server} ${tool}`)),
  );
  const ofServer = tools.filter(({ server }) => server === 'files').map((tool) => `files ${tool.name}`);
  const does = { nothing: undefined, server: ofServer, tool: ['files write_file'] };
  expect(shown).toEqual(loadedAtOnce(name) === 'nothing' ? tools : []);
  expect(first).toEqual(does[loadedAtOnce(name)]);
  // Half as many turns again, and two more.
  expect(turnLimit({ plan, mostTurns: null }, name)).toBe(Math.ceil(1.5 * events.length) + 2);
});
