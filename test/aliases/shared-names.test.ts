import { expect, test } from 'vitest';
import { toolspaceNotes } from '../../core/record/toolspace-notes.ts';
import type { Task } from '../../core/types.ts';
import { readAliasing } from '../../envs/aliases/request.ts';
import { shownToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import suite from '../../suites/micro-wide.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { withAliases } from '../../suites/tasks/with-aliases.ts';
import { taskFolder } from '../suites/own-tasks-files.ts';

const perNumber = readAliasing('1?per=number');
const families = suite.families.length;
const namesOf = ({ world }: Task) => shownToolspace(world).tools.map(({ server, name }) => `${server}.${name}`);

test('with per=number tasks of all families with the same number go by the same names, and others by others', () => {
  for (const split of ['train', 'validation', 'test'] as const) {
    const tasks = withAliases(suite, perNumber).tasks(split, 2 * families);
    const [first, second] = [tasks.slice(0, families).map(namesOf), tasks.slice(families).map(namesOf)];
    for (const names of first) expect(names).toEqual(first[0]);
    for (const names of second) expect(names).toEqual(second[0]);
    expect(first[0]?.filter((name) => second[0]?.includes(name))).toEqual([]);
    // What a family is asked for is its own, by these names.
    expect(new Set(tasks.slice(0, families).map(({ prompt }) => prompt)).size).toBe(families);
  }
});

test('without it each task has names of its own, as before there was a choice', () => {
  const [first, second] = withAliases(suite, readAliasing('1')).tasks('train', 2).map(namesOf);
  expect(first).not.toEqual(second);
  expect(readAliasing('1?per=task')).toEqual({ ...readAliasing('1'), asked: '1?per=task' });
});

test('a run says so', () => {
  const note = (aliases: typeof perNumber) => toolspaceNotes({ servers: {}, aliases }).join('\n');
  expect(note(perNumber)).toContain('have other names in all tasks of a number');
  expect(note(readAliasing('1'))).toContain('have other names in each task');
});

test('own tasks, which have no numbers, are refused', async () => {
  const file = taskFolder().taskFile({
    name: 'mine',
    tasks: [{ id: 'one', prompt: 'Wait.', servers: ['memory'], checks: [{ answer: { equals: 'done' } }] }],
  });
  const own = await suiteNamed({ file });
  expect(() => withAliases(own, perNumber)).toThrow('Leave out per=number of --alias.');
});
