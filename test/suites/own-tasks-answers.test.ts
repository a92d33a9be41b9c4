import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeChecked } from '../../commands/tasks.ts';
import { checkTasks } from '../../suites/own-tasks/check.ts';
import type { OwnTask, OwnTest } from '../../suites/own-tasks/format.ts';
import { checkOptions, ownServer, task, taskFolder } from './own-tasks-files.ts';

const { taskFile } = taskFolder();

/** The server's JSON holds an oak of height 12 and an elm of height 9. */
const asked = (id: string, answer: string, wanted: OwnTest, prompt = 'How high is the oak?') =>
  task({ id, prompt, checks: [{ answer: wanted }], plan: [{ server: 'own', tool: 'json', arguments: {} }], answer });

test('an answer that is in no result of its plan is remarked on, and is no fault', async () => {
  const path = taskFile({
    mcpServers: { own: ownServer() },
    tasks: [
      asked('read', '12', { number: 12 }),
      asked('listed', 'elm, oak', { items: ['elm', 'oak'] }),
      asked('judged', 'yes', { equals: 'yes' }),
      asked('chosen', 'tall', { equals: 'tall' }, 'Is the oak tall or small?'),
      asked('invented', '2', { number: 2 }),
    ],
  });
  const lines = describeChecked(await checkTasks(path, checkOptions)).split('\n');
  expect(lines.filter((line) => !/ No check notices if /.test(line))).toEqual([
    ...['read', 'listed', 'judged', 'chosen', 'invented'].map((id) => `UNGUARDED ${id}`),
    expect.stringMatching(
      /^ {7}checks\[0\] takes the answer "2", which is in no result of the plan; the last result is ".*oak.*"\. Look at the data, unless/,
    ),
    expect.stringMatching(/^5 of 5 tasks can be solved, but would pass .* whatever value/),
  ]);
});

/** What `tasks check` says of tasks. */
const checked = async (...tasks: readonly OwnTask[]) =>
  describeChecked(await checkTasks(taskFile({ mcpServers: { own: ownServer() }, tasks }), checkOptions));

test('a question of which no check reads the value is not called sound; the line that is named guards it', async () => {
  const read = { server: 'own', tool: 'read', arguments: { path: 'a.txt' } };
  const question = (id: string, more: readonly object[] = []) =>
    task({
      id,
      prompt: 'What does a.txt say?',
      files: { own: { 'a.txt': 'oak' } },
      checks: [
        { called: { server: 'own', tool: 'read' } },
        { answer: { contains: 'oak' } },
        ...more,
      ] as OwnTask['checks'],
      plan: [read],
      answer: 'oak',
    });
  const text = await checked(
    question('open'),
    question('changes', [{ file: { server: 'own', path: 'a.txt' }, equals: 'oak' }]),
  );
  const line = /^ *- (\{ result: .*)$/m.exec(text)?.[1] ?? '';
  expect(line).toBe('{ result: { server: own, tool: read, arguments: {"path":"a.txt"} }, equals: "oak" }');
  expect(text).toMatch(
    /^UNGUARDED open\n {7}No check notices if own\.read returns another value: .*\nsound {2}changes\n/s,
  );
  expect(text).toMatch(/\n1 of 2 tasks can be solved, but .*$/);
  expect(await checked(question('open', [parse(line) as object]))).toBe('sound  open\nThe task is sound.');
});
