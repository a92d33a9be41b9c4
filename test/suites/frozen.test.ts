import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Split, Task } from '../../core/types.ts';
import { grammarRegisters } from '../../suites/tasks/phrasing.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import { isWhole } from '../whole.ts';

const suites = await Promise.all(suiteNames().map((name) => suiteNamed(name)));
/** Hashed of each family and split; as many are compared with each other, sixty in the whole suite. */
const perFamily = 12;
const compared = isWhole ? 60 : perFamily;

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** What a task is about, whatever its words and whichever server keeps it: its facts before, its answer and its calls' values. */
const contentHash = ({ initial, answer, plan }: Task) =>
  hashOf([Object.values(initial), answer, plan.map((call) => call.arguments)]);

/** What a policy sees of a task, and what it is judged by. */
const frozenPart = ({ id, prompt, world, plan, initial, goal, answer, rubric }: Task) =>
  // prettier-ignore
  [id, prompt, world, plan, initial, goal, answer, rubric.criteria];

/** Splits that show the content of `test` in another way, to be compared with it task by task. */
const twins: readonly Split[] = ['test', 'wording', 'fuzzy', 'held-out-server', 'sealed-server', ...grammarRegisters];
const poolOf = (split: Split) => (twins.includes(split) ? 'test' : split);

describe.each(suites.map((suite) => ({ name: suite.name, suite })))('suite $name', ({ suite }) => {
  const made = new Map<string, readonly Task[]>();
  /** Made once for both tests where they ask for as many. */
  const tasksOf = (split: Split, each: number): readonly Task[] => {
    const tasks = made.get(`${split} ${each}`) ?? suite.tasks(split, each * suite.families.length);
    made.set(`${split} ${each}`, tasks);
    return tasks;
  };

  test('is frozen: its tasks are the recorded ones', async () => {
    const hashes = Object.fromEntries(
      suite.splits.map((split) => [split, hashOf(tasksOf(split, perFamily).map(frozenPart))]),
    );
    await expect(`${JSON.stringify(hashes, null, 2)}\n`).toMatchFileSnapshot(`frozen/${suite.name}.json`);
  });

  test('has no content in two of its splits, and no prompt twice', { timeout: 300_000 }, () => {
    const contents = new Map<string, string>();
    const prompts = new Set<string>();
    for (const split of suite.splits)
      for (const task of tasksOf(split, compared)) {
        const hash = contentHash(task);
        expect(contents.get(hash) ?? poolOf(split), task.id).toBe(poolOf(split));
        contents.set(hash, poolOf(split));
        const isTwin = split === 'held-out-server' || split === 'sealed-server';
        // What bulk tasks are about stands in their files: two of them may be asked in the same words.
        const asked = suite.name === 'bulk' ? `${task.prompt} ${hash}` : task.prompt;
        if (!isTwin) expect(prompts.has(asked), `${task.id} ${task.prompt}`).toBe(false);
        prompts.add(asked);
      }
  });
});
