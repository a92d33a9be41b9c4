import { afterAll, describe, expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Action, Policy, Split, Suite, Task } from '../../core/types.ts';
import eager from '../../envs/views/eager.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import type { OwnTask } from '../../suites/own-tasks/format.ts';
import { live, story } from './live-worlds.ts';
import { ownServer, task, taskFolder } from './own-tasks-files.ts';

const { write, taskFile } = taskFolder();
const mcpServers = { own: ownServer() };
const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

const suiteOf = (...tasks: readonly object[]) => suiteNamed({ file: taskFile({ name: 'mine', mcpServers, tasks }) });

/** Does what a list of calls says, then finishes with the answer. */
const scripted = (calls: readonly (readonly [tool: string, args: JsonObject])[], answer = ''): Policy => ({
  name: 'scripted',
  start: () => {
    const left = calls.map(([tool, args]): Action => ({
      name: 'call_tool',
      arguments: { server: 'own', tool, arguments: args },
    }));
    return { act: () => ({ calls: [{ action: left.shift() ?? { name: 'finish', arguments: { answer } } }] }) };
  },
});

async function lived(own: object, policy: Policy) {
  const [one] = await live({ pool, openView: eager, policy, tasks: (await suiteOf(own)).tasks('test', 1) });
  if (!one) throw new Error('no task');
  return one;
}

const idsIn = (suite: Suite, split: Split) => suite.tasks(split, 9).map(({ id }) => id.split('/').slice(2).join('/'));

describe('a suite of own tasks', () => {
  test('has the splits, names and servers of its file', async () => {
    write('fixture/b.txt', 'b');
    const suite = await suiteOf(
      task({ fuzzy: 'You know what to do.', folders: { own: 'fixture' }, files: { own: { 'c/d.txt': 'd' } } }),
      task({ id: 'two', servers: ['filesystem', 'own'], plan: [], mostTurns: 7 }),
      task({ id: 'three', plan: [], answer: 'x' }),
    );
    expect(suite).toMatchObject({ families: ['own'], splits: ['test', 'fuzzy'], servers: ['own', 'filesystem'] });
    expect(suite.name).toMatch(/^mine@[0-9a-f]{12}$/);
    expect(suite.tasks('test', 60).map(({ id }) => id)).toEqual([
      'mine/own/test/one',
      'mine/own/test/two',
      'mine/own/test/three',
    ]);
    expect(suite.tasks('test', 1)).toHaveLength(1);
    const [one, two, three] = suite.tasks('test', 3) as [Task, Task, Task];
    const [fuzzy] = suite.tasks('fuzzy', 9);
    expect(fuzzy).toEqual({ ...one, id: 'mine/own/fuzzy/one', split: 'fuzzy', prompt: 'You know what to do.' });
    expect(one.world.files).toEqual({ own: { 'b.txt': 'b', 'c/d.txt': 'd' } });
    expect(one.initial).toEqual({ own: ['["file","b.txt","b"]', '["file","c/d.txt","d"]', '["folder","c"]'] });
    expect(one.rubric.form).toBe('atlas');
    // Without a plan code can still tell something of the checks, and there must be turns to work in.
    expect([one, two, three].map(({ mostTurns }) => mostTurns)).toEqual([null, 7, 30]);
    expect([two.rubric.form, two.rubric.criteria.length]).toEqual(['free', 5]);
    expect(() => suite.tasks('train', 1)).toThrow(/has no split "train". It has test, fuzzy/);
    expect(() => suite.tasks('test', 1, ['lookup'])).toThrow(/one family alone/);
  });

  test('is whole, or divided as its tasks say and else into thirds by the hash of an id, or a part of its file', async () => {
    const ids = ['apple', 'pear', 'lime', 'fig'];
    const tasks = [...ids.map((id) => task({ id, fuzzy: 'You know.' })), task({ id: 'mine', split: 'validation' })];
    const file = taskFile({ name: 'mine', mcpServers, tasks });
    const whole = await suiteNamed({ file });
    expect(idsIn(whole, 'test')).toEqual([...ids, 'mine'].map((id) => `test/${id}`));
    const divided = await suiteNamed({ file, isDivided: true });
    expect(divided.splits).toEqual(['train', 'validation', 'test', 'fuzzy']);
    // SHA-256 of "apple" begins with 3a7bd3e2, which is 0 modulo 3; and so on.
    expect(divided.splits.map((split) => idsIn(divided, split))).toEqual([
      ['train/apple', 'train/fig'],
      ['validation/lime', 'validation/mine'],
      ['test/pear'],
      ['fuzzy/pear'],
    ]);
    const some = await suiteNamed({ file, only: ['mine', 'pear'], isDivided: true });
    expect([some.name, some.splits.flatMap((split) => idsIn(some, split))]).toEqual([
      whole.name,
      ['validation/mine', 'test/pear', 'fuzzy/pear'],
    ]);
    await expect(suiteOf({ ...task(), split: 'tests' })).rejects.toThrow(
      /split: must be "train" or .*Did you mean "test"/,
    );
    // A fault of a task that is chosen stands at its own line.
    const faulty = taskFile({
      mcpServers,
      tasks: [task(), task({ id: 'two', plan: [{ server: 'own', tool: 'wriet' }] })],
    });
    await expect(suiteNamed({ file: faulty, only: ['two'] })).rejects.toThrow(/tasks\[1\]\.plan\[0\]\.tool/);
    expect((await suiteNamed({ file: faulty, only: ['one'] })).tasks('test', 9)).toHaveLength(1);
  });

  test('asks for limits in its head and task by task', async () => {
    const tasks = [task(), task({ id: 'two', resultTokens: 50 })];
    const file = taskFile({ name: 'mine', mcpServers, tasks, contextTokens: 9_000, resultTokens: 60 });
    const suite = await suiteNamed({ file });
    expect(suite.limits).toEqual({ contextTokens: 9_000, resultTokens: 60 });
    expect(suite.tasks('test', 2).map(({ limits }) => limits)).toEqual([
      { contextTokens: 9_000, resultTokens: 60 },
      { contextTokens: 9_000, resultTokens: 50 },
    ]);
    const plain = await suiteOf(task());
    expect('limits' in plain || 'limits' in (plain.tasks('test', 1)[0] ?? {})).toBe(false);
    await expect(suiteOf(task({ contextTokens: 0 }))).rejects.toThrow(/contextTokens: must be >= 1/);
  });

  test('keeps a rubric of one’s own, whose criteria code leaves unscored and never counts as 0', async () => {
    const rubric: OwnTask['rubric'] = [
      { criterion: 'It is polite.', weight: 3, category: 'tool-grounding' },
      { criterion: 'It is brief.' },
    ];
    const done = await lived(
      task({ rubric }),
      oracle(() => ({ plan: task().plan?.map((call) => ({ arguments: {}, ...call, after: [] })) ?? [], answer: '' })),
    );
    expect(done.task.rubric).toEqual({
      form: 'free',
      criteria: [
        { id: 'It is polite.', category: 'tool-grounding', description: 'It is polite.', weight: 3 },
        { id: 'It is brief.', category: 'task-fulfilment', description: 'It is brief.', weight: 1 },
      ],
    });
    expect(done.verdicts.map(({ state }) => state)).toEqual(['unscored', 'unscored']);
    expect(done.rewards).toEqual({ sparse: 1, 'state-share': 1, rubric: null });
  });
  test('refuses a rubric that makes no sense, with its line', async () => {
    const rubric: OwnTask['rubric'] = [
      { criterion: 'It is polite.', weight: 0 },
      { criterion: 'It swears.', weight: -4, category: 'tool-grounding' },
    ];
    await expect(suiteOf(task({ rubric }))).rejects.toThrow(
      /tasks\[0\]\.rubric: It is polite\. has weight 0, not 1 to 10[\s\S]*tool-grounding has negative criteria alone/,
    );
  });
});

/** Whether the checks are satisfied, or who is to blame that nobody knows. */
const verdictOf = async (checks: OwnTask['checks'], policy: Policy, more = {}) => {
  const one = await lived(task({ checks, ...more }), policy);
  return one.outcome.kind === 'failed' ? one.outcome.culprit : (one.success?.verified ?? story(one));
};

describe('checks of an episode', () => {
  const set = [{ server: 'own', tool: 'write', arguments: { path: 'set-up.txt', text: 'x' } }];
  const done: readonly [string, JsonObject] = ['write', { path: 'a.txt', text: 'done' }];

  test('`unchanged` compares with what set-up calls left', async () => {
    const checks = [...task().checks, { unchanged: 'own', except: ['a.txt'] }];
    expect(await verdictOf(checks, scripted([done]), { setUp: set })).toBe(true);
    expect(
      await verdictOf(checks, scripted([done, ['write', { path: 'set-up.txt', text: 'y' }]]), { setUp: set }),
    ).toBe(false);
    expect(await verdictOf(checks, scripted([done, ['write', { path: 'b.txt', text: 'y' }]]))).toBe(false);
  });

  test('answers, calls and results are judged in every form', async () => {
    expect(await verdictOf([{ answer: { number: 3, tolerance: 0.5 } }], scripted([], '3.4'))).toBe(true);
    expect(await verdictOf([{ answer: { number: 3 } }], scripted([], '3.4'))).toBe(false);
    expect(await verdictOf([{ answer: { items: ['a', 'b'] } }], scripted([], 'b, a'))).toBe(true);
    const call = { server: 'own', tool: 'write', arguments: { path: 'a.txt' } };
    expect(await verdictOf([{ called: call }], scripted([done]))).toBe(true);
    expect(await verdictOf([{ neverCalled: call }, { answer: { equals: 'x' } }], scripted([done], 'x'))).toBe(false);
    const tall = { server: 'own', tool: 'json', path: '$.items[*].height' };
    expect(await verdictOf([{ result: tall, number: 9 }], scripted([]))).toBe(true);
    expect(await verdictOf([{ result: tall, number: 10 }], scripted([]))).toBe(false);
    // A file that is not there is the policy's failure, not the task's.
    expect(
      await verdictOf(
        [{ result: { server: 'own', tool: 'read', arguments: { path: 'a.txt' } }, equals: 'done' }],
        scripted([]),
      ),
    ).toBe(false);
  });

  test('answers are read as people write them, files and results letter by letter, each as its check says', async () => {
    const bold = scripted([['write', { path: 'a.txt', text: '**done**' }]], '**done**');
    const file = { server: 'own', path: 'a.txt' };
    const result = { server: 'own', tool: 'read', arguments: { path: 'a.txt' } };
    const equals = 'done';
    expect(await verdictOf([{ answer: { equals } }], bold)).toBe(true);
    expect(await verdictOf([{ answer: { equals, strictness: 'exact' } }], bold)).toBe(false);
    expect(await verdictOf([{ answer: { equals: 'Done' } }], bold)).toBe(false);
    expect(await verdictOf([{ answer: { equals: 'Done', strictness: 'lenient' } }], bold)).toBe(true);
    expect(await verdictOf([{ file, equals }], bold)).toBe(false);
    expect(await verdictOf([{ file, equals, strictness: 'normal' }], bold)).toBe(true);
    expect(await verdictOf([{ result, equals }], bold)).toBe(false);
    expect(await verdictOf([{ result, equals, strictness: 'normal' }], bold)).toBe(true);
  });

  test('what cannot be evaluated is the fault of the task', async () => {
    const notJson = { result: { server: 'own', tool: 'read', arguments: { path: 'a.txt' }, path: '$.a' }, equals: 'x' };
    expect(await verdictOf([notJson], scripted([done]))).toBe('task');
    expect(await verdictOf([{ script: ['node', '-e', 'process.exit(5)'] }], scripted([]))).toBe('task');
    expect(
      await verdictOf(task().checks, scripted([]), {
        setUp: [{ server: 'own', tool: 'read', arguments: { path: 'no' } }],
      }),
    ).toBe('task');
  });

  test('a script sees the end state', async () => {
    const script = ['sh', '-c', 'grep -q done "$1/a.txt"', 'sh', '{own}'];
    expect(await verdictOf([{ script }], scripted([done]))).toBe(true);
    expect(await verdictOf([{ script }], scripted([['write', { path: 'a.txt', text: 'no' }]]))).toBe(false);
  });
});
