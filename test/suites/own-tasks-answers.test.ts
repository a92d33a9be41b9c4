import { expect, test } from 'vitest';
import { describeChecked } from '../../commands/tasks.ts';
import { checkTasks } from '../../suites/own-tasks/check.ts';
import type { OwnTest } from '../../suites/own-tasks/format.ts';
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
  expect(describeChecked(await checkTasks(path, checkOptions)).split('\n')).toEqual([
    ...['read', 'listed', 'judged', 'chosen', 'invented'].map((id) => `sound  ${id}`),
    expect.stringMatching(
      /^ {7}checks\[0\] takes the answer "2", which is in no result of the plan; the last result is ".*oak.*"\. Look at the data, unless/,
    ),
    'All 5 tasks are sound.',
  ]);
});
