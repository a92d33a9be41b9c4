import { afterAll, describe, expect, test } from 'vitest';
import { random } from '../../baselines/policies/random.ts';
import { retrieval } from '../../baselines/policies/retrieval.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import { makeReader } from '../../baselines/pointer/situation.ts';
import type { EpisodeStart, OpenView, Policy, Task } from '../../core/types.ts';
import eager from '../../envs/views/eager.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { evidence } from '../../judges/language/evidence.ts';
import { messagesOf } from '../../judges/rubric/writing/question.ts';
import { firstReason } from '../../judges/truth/reasons.ts';
import { checkTasks } from '../../suites/own-tasks/check.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { open, served } from '../finetune/served.ts';
import { live } from './live-worlds.ts';
import { checkOptions, ownServer, taskFolder } from './own-tasks-files.ts';

const { taskFile } = taskFolder();
const mcpServers = { own: ownServer() };
const pool = openWorldPool({ lanes: 2 });
afterAll(() => pool.dispose());

const call = (tool: string, args: object) => ({ server: 'own', tool, arguments: args });

/** Three messages: the first two with a plan, the last with an answer alone. */
const talk = {
  id: 'talk',
  servers: ['own'],
  files: { own: { 'n.txt': '40' } },
  messages: [
    { text: 'Which number is in “n.txt”?', plan: [call('read', { path: 'n.txt' })], answer: '40' },
    { text: 'Write “done” into “d.txt”.', plan: [call('write', { path: 'd.txt', text: 'done' })] },
    { text: 'And what was the number?', answer: '40' },
  ],
  checks: [
    { answer: { number: 40 }, message: 0 },
    { file: { server: 'own', path: 'd.txt' }, equals: 'done' },
    { answer: { number: 40 } },
  ],
};

const fileOf = (...tasks: readonly object[]) => taskFile({ name: 'talks', mcpServers, tasks });
const tasksOf = async (...tasks: readonly object[]) => (await suiteNamed({ file: fileOf(...tasks) })).tasks('test', 9);

async function played(policy: (task: Task) => Policy, openView: OpenView = eager) {
  const tasks = await tasksOf(talk);
  const [one] = await live({ pool, openView, policy: policy(tasks[0] as Task), tasks });
  if (!one) throw new Error('no episode');
  return one;
}

/** Finishes each message with the next answer, whatever it asks. */
const answering = (...answers: readonly string[]): Policy => ({
  name: 'answering',
  start: () => {
    const left = [...answers];
    return { act: () => ({ calls: [{ action: { name: 'finish', arguments: { answer: left.shift() ?? '' } } }] }) };
  },
});

describe('a task with several messages', () => {
  test(
    'is played message by message by the oracle, in every view without a turn too many',
    { timeout: 30_000 },
    async () => {
      for (const view of [eager, toolView]) {
        const done = await played((task) => oracle(() => task), view);
        expect(done.success?.verified, done.view).toBe(true);
        expect(done.prompt).toBe('Which number is in “n.txt”?');
        expect(done.turns.flatMap(({ user }) => user ?? [])).toEqual([
          'Write “done” into “d.txt”.',
          'And what was the number?',
        ]);
        expect(done.outcome).toEqual({ kind: 'terminated', answer: '40' });
        expect(done.rewards.rubric, done.view).toBe(1);
        const said = done.turns.findIndex(({ user }) => user !== undefined);
        const [at, after] = [done.turns[said], done.turns[said + 1]];
        expect(after?.tokens.history, 'the message is booked').toBeGreaterThan((at?.tokens.history ?? 0) + 20);
      }
    },
  );

  test('is judged by the answer to each message that its checks name, and a judge reads them all', async () => {
    const wrong = await played(() => answering('41', '', '40'));
    expect(firstReason(wrong.task, wrong)).toBe(
      'checks[0] failed. Expected: the answer to message 0 is 40. Found: it was "41"',
    );
    expect(evidence(wrong, 2_000).split('\n')).toEqual([
      'REQUEST: "Which number is in “n.txt”?"',
      '1. ANSWERED "41" NEXT REQUEST "Write “done” into “d.txt”."',
      '2. ANSWERED "" NEXT REQUEST "And what was the number?"',
      'FINISHED WITH THE ANSWER: "40"',
    ]);
    const last = await played(() => answering('40', '', 'nobody knows'));
    expect(last.task.goal.kind === 'checks' && last.task.goal.checks.map(({ name }) => name)).toEqual([
      'the answer to message 0 is 40',
      'file d.txt of own says "done"',
      'the final answer is 40',
    ]);
    expect(last.success).toMatchObject({ verified: false });
  });

  test('is told whole to a model that writes its rubric', async () => {
    const [task] = (await tasksOf(talk)) as [Task];
    const asked = messagesOf(task, [], { form: 'free', withSolution: true, toolTokens: 0 });
    expect(asked.at(-1)?.content).toContain(
      '"Which number is in “n.txt”?"\nTHEN: "Write “done” into “d.txt”."\nTHEN: "And what was the number?"',
    );
    expect(asked.at(-1)?.content).toMatch(/1\. own\.read .*\n2\. own\.write .*\nANSWER: "40"\nANSWER: "40"\n/);
  });

  test('ends by its turns where a message is never finished, and answers nobody gave fail', async () => {
    const idle: Policy = {
      name: 'idle',
      start: () => ({ act: () => ({ calls: [{ action: { name: 'nothing', arguments: {} } }] }) }),
    };
    const cut = await played(() => idle);
    expect(cut.outcome).toEqual({ kind: 'truncated', cause: 'turns' });
    expect(firstReason(cut.task, cut)).toMatch(/message 0 is 40\. Found: there was none/);
  });

  test('has calls behind a finish refused, since nobody had seen what follows', async () => {
    const hasty: Policy = {
      name: 'hasty',
      start: () => {
        const finish = { action: { name: 'finish', arguments: { answer: '40' } } };
        return { act: () => ({ calls: [finish, { action: { name: 'call_tool', arguments: {} } }] }) };
      },
    };
    const { turns } = await played(() => hasty);
    expect(turns.map(({ calls, user }) => [calls[1]?.observation.text, user !== undefined])).toEqual([
      ['This call was not carried out: the message was finished before it.', true],
      ['This call was not carried out: the message was finished before it.', true],
      ['This call was not carried out: the task was finished before it.', false],
    ]);
  });

  test.each([
    ['retrieval', retrieval],
    ['random', random],
  ])('is read on by %s', async (_, make) => {
    const shown: (string | undefined)[] = [];
    const watched: Policy = {
      name: 'watched',
      start: (episode) => {
        const session = make().start(episode);
        return {
          act: (observations, user) => {
            shown.push(user);
            return session.act(observations, user);
          },
        };
      },
    };
    const { turns } = await played(() => watched);
    const said = turns.flatMap(({ user }) => user ?? []);
    expect(shown.filter((user) => user !== undefined)).toEqual(said.slice(0, shown.filter(Boolean).length));
    const [firstEnd] = turns.flatMap(({ user }, index) => (user === undefined ? [] : [index]));
    if (make === retrieval) expect(turns[(firstEnd ?? 0) + 1]?.calls[0]?.action.name, 'looks anew').toBe('call_tool');
  });

  test('gives the embedded policy the new message to point at, with what it has found so far', () => {
    const visible = { servers: [], names: new Map(), loaded: [] };
    const first = makeReader()({ prompt: 'Read “a.txt”.', visible } as unknown as EpisodeStart);
    first.memory.turns = 3;
    const next = first.after('Write “x y” into “b.txt”.');
    expect(next.prompt.mentions.map(({ value }) => value)).toEqual(expect.arrayContaining(['x y', 'b.txt']));
    expect([next.memory.turns, next.unused().mentions.length]).toEqual([3, 2]);
    expect(next.memory.findings).toBe(first.memory.findings);
  });

  test('is served: the result of finish holds the next message, and only the last ends the episode', async () => {
    const suite = await suiteNamed({ file: fileOf({ ...talk, split: 'validation' }), isDivided: true });
    const server = await served({ suite, pool, openView: eager });
    const session = await open(server, 'validation', 0);
    const first = await session.call('finish', { answer: '40' });
    expect(first).toMatchObject({ finished: false, reward: null });
    expect(first.text).toBe('Finished.\n\nThe user then said:\nWrite “done” into “d.txt”.');
    await session.call('call_tool', call('write', { path: 'd.txt', text: 'done' }));
    expect(await session.call('finish', {})).toMatchObject({ finished: false });
    expect(await session.call('finish', { answer: '40' })).toMatchObject({ finished: true, reward: 1 });
    const [record] = server.trajectories();
    expect(record?.turns.map(({ user }) => user !== undefined)).toEqual([true, false, true, false]);
  });

  test('is sound where its plans are, message by message', async () => {
    const strict = { contains: 'number', strictness: 'exact' };
    const plain = { ...talk, id: 'plain', messages: ['Hello?', { text: 'Which?', answer: '40 km' }] };
    const checked = await checkTasks(
      fileOf(
        talk,
        { ...talk, id: 'wrong', messages: [{ ...talk.messages[0], answer: '41' }, ...talk.messages.slice(1)] },
        { ...talk, id: 'picky', checks: [{ answer: { matches: '^40$', strictness: 'normal' }, message: 0 }] },
        { ...plain, checks: [{ answer: { equals: '40 km' } }, { answer: strict, message: 0 }] },
      ),
      checkOptions,
    );
    expect(checked.map(({ id, faults }) => [id, faults])).toEqual([
      ['talk', []],
      ['wrong', ['checks[0] fails after the plan. Expected: the answer to message 0 is 40. Found: it was "41".']],
      ['picky', []],
      [
        'plain',
        [expect.stringMatching(/^checks\[1\] fails after the plan\. Expected: the answer to message 0 is contains/)],
      ],
    ]);
  });
});

test('faults of messages are told at their place', async () => {
  const faulty = (change: object) => suiteNamed({ file: fileOf({ ...talk, ...change }) });
  await expect(faulty({ prompt: 'Do it.' })).rejects.toThrow(
    /is right when it has either prompt or messages, not both/,
  );
  await expect(faulty({ plan: [] })).rejects.toThrow(
    /is right when it has plan and answer beside messages only in these/,
  );
  await expect(faulty({ fuzzy: 'You know.' })).rejects.toThrow(/fuzzy: goes only with the key "prompt"/);
  await expect(faulty({ messages: [3] })).rejects.toThrow(/messages\[0\]: must be text or a map, not 3/);
  await expect(faulty({ messages: [{ text: 'x', plan: [{ ...call('read', {}), after: [0] }] }] })).rejects.toThrow(
    /messages\[0\]\.plan\[0\]\.after\[0\]: must be the number, from 0, of an earlier call than 0/,
  );
  await expect(faulty({ messages: [{ text: 'x', plan: [{ ...call('read', {}), server: 'owm' }] }] })).rejects.toThrow(
    /messages\[0\]\.plan\[0\]\.server: "owm" is none of the task's servers\. Did you mean "own"/,
  );
  await expect(
    faulty({ messages: [{ text: 'x', plan: [call('rea', {})] }], checks: talk.checks.slice(1) }),
  ).rejects.toThrow(/messages\[0\]\.plan\[0\]\.tool: Server own offers no tool "rea"\. Did you mean "read"/);
  await expect(faulty({ checks: [{ answer: { number: 1 }, message: 3 }] })).rejects.toThrow(
    /checks\[0\]\.message: is no number, from 0, of one of the task's messages: it has 3/,
  );
  await expect(faulty({ checks: [{ unchanged: 'own', message: 0 }] })).rejects.toThrow(
    /message: goes only with the key "answer"/,
  );
});
