import { expect, test } from 'vitest';
import { reading } from '../../judges/embedded/reading.ts';
import { readTrajectory } from '../../judges/embedded/record.ts';
import { matching } from '../../judges/embedded/matching.ts';
import { mentionsIn } from '../../judges/embedded/mentions.ts';
import { callTurn, episode, finishTurn, makeFolder, searchTurn, wholePlan, write } from './episodes.ts';

const mentions = mentionsIn([
  'The tools that the task needs are called: filesystem.create_directory, filesystem.write_file.',
]);
const numbersOf = (trajectory: Parameters<typeof readTrajectory>[0]) => {
  const read = readTrajectory(trajectory);
  return { ...reading(read), ...matching(mentions, read) };
};

test.each(['eager', 'native'])('in the view %s every tool is loaded from the start', (view) => {
  const numbers = numbersOf(episode([makeFolder, write, finishTurn], { view }));
  expect(numbers).toMatchObject({ 'an unloaded tool is called': 0, 'eager view': 1, 'tool view': 0 });
});

test('a search loads what it finds on every server', () => {
  const found = [
    { server: 'dex-tasks', tools: ['add_task'] },
    { server: 'filesystem', tools: ['create_directory', 'write_file'] },
  ] as const;
  const read = readTrajectory(episode([searchTurn(...found), makeFolder, write, finishTurn], { view: 'search' }));
  expect(read.loads).toHaveLength(3);
  expect(read.calls.map(({ isLoaded }) => isLoaded)).toEqual([true, true]);
  expect(matching(mentions, read)['all tools loaded']).toBe(1);
  const unfound = readTrajectory(episode([searchTurn(found[0]), makeFolder], { view: 'search' }));
  expect(reading(unfound)['an unloaded tool is called']).toBe(1);
});

test.each([
  ['tool', 'tool?page=20'],
  ['server', 'server?page=20'],
])('settings change nothing of what is read: %s, %s', (plain, set) => {
  const wandering = [...wholePlan, callTurn('filesystem', 'list_directory', { path: '.' }), finishTurn];
  for (const turns of [wholePlan, wandering])
    expect(numbersOf(episode(turns, { view: set }))).toEqual(numbersOf(episode(turns, { view: plain })));
});

const over = (view: string) => numbersOf(episode([...wholePlan, finishTurn], { view }))['turns too many'];

test('in views that load tool by tool the loads of mentioned tools are no turns too many', () => {
  expect(over('tool')).toBe(0);
  expect(over('search')).toBe(over('tool'));
  expect(over('eager')).toBeGreaterThan(0);
});
