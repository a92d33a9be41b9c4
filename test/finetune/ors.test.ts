import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Task, WorldPool } from '../../core/types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import toolView from '../../envs/views/tool.ts';
import { live } from '../suites/live-worlds.ts';
import { ask, newSid, open, served, solution } from './served.ts';
import { codeRewards } from '../../finetune/ors/session-rewards.ts';

let pool: WorldPool;
beforeAll(() => {
  pool = openWorldPool({ lanes: 8 });
});
afterAll(() => pool.dispose());

const taskOf = (server: { suite: { tasks: (split: 'test', count: number) => readonly Task[] } }, index: number) =>
  server.suite.tasks('test', index + 1)[index] as Task;

describe('the catalogue', () => {
  test('tells splits, tasks, tools, at bare paths and below the name of the environment', async () => {
    const server = await served({ pool });
    const health = await ask(server, 'GET', '/health');
    expect(health.body).toMatchObject({ status: 'ok', toolstone: { open: 0, opened: 0 } });
    expect((await ask(server, 'GET', '/list_environments')).body).toEqual(['smoke']);
    for (const path of ['', '/smoke', '/Smoke']) {
      expect((await ask(server, 'GET', `${path}/splits`)).body).toContainEqual({ name: 'wording', type: 'test' });
      expect((await ask(server, 'POST', `${path}/num_tasks`, { body: { split: 'train' } })).body).toEqual({
        num_tasks: 12,
      });
    }
    const { body } = await ask(server, 'GET', '/tools');
    expect(body).toMatchObject({ terminal_tool: { name: 'leave_unfinished', arg: null } });
    const names = (body['tools'] as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(['list_servers', 'list_tools', 'load_tools', 'call_tool', 'finish']);
    const all = await ask(server, 'POST', '/tasks', { body: { split: 'test' } });
    const range = await ask(server, 'POST', '/task_range', { body: { split: 'test', start: 2, stop: -9 } });
    const one = await ask(server, 'POST', '/task', { body: { split: 'test', index: 2 } });
    expect(range.body['tasks']).toEqual([one.body['task']]);
    expect((all.body['tasks'] as unknown[])[2]).toEqual(one.body['task']);
    expect(one.body).toMatchObject({
      env_name: 'smoke',
      task: { task_id: taskOf(server, 2).id, split: 'test', index: 2, seed: expect.any(Number) },
    });
  });

  test.each([
    ['POST', '/task', { split: 'test', index: 12 }, 400, 'Split test has no task 12: its tasks are 0 to 11.'],
    ['POST', '/task', { split: 'test', index: '0' }, 400, 'Split test has no task "0"'],
    ['POST', '/num_tasks', { split: 'dev' }, 400, 'There is no split "dev". Splits: train,'],
    ['POST', '/num_tasks', '{', 400, 'The body is not JSON.'],
    ['POST', '/num_tasks', '[]', 400, 'The body is not a JSON object.'],
    ['POST', '/num_tasks', `{"split":${'['.repeat(300)}${']'.repeat(300)}}`, 400, 'nested deeper than 200 levels.'],
    ['POST', '/ping', {}, 400, 'X-Session-ID header is required'],
    ['POST', '/score_group', {}, 404, 'Groups are not scored here'],
    ['GET', '/other/tools', undefined, 404, 'There is no environment "other". This server has smoke.'],
    ['GET', '/nothing', undefined, 404, 'There is nothing at GET /nothing.'],
  ] as const)('refuses %s %s %j with %i', async (method, path, body, status, words) => {
    const server = await served({ pool });
    const reply = await ask(server, method, path, body === undefined ? {} : { body });
    expect(reply.status).toBe(status);
    expect(reply.body['detail']).toContain(words);
  });

  test('refuses headers without end, and goes on', async () => {
    const server = await served({ pool });
    const { status, body } = await ask(server, 'GET', '/health', { headers: { long: 'x'.repeat(20_000) } });
    expect([status, body]).toEqual([431, { detail: expect.stringMatching(/headers are longer than \d+ bytes/) }]);
    expect((await ask(server, 'GET', '/health')).status).toBe(200);
  });
});

describe('a session', () => {
  test('earns 1 for the plan, once, and its trajectory is what the oracle makes in process', async () => {
    const server = await served({ pool });
    const task = taskOf(server, 0);
    const session = await open(server, 'test', 0);
    expect(session.created).toMatchObject({ status: 200, body: { sid: session.sid } });
    const texts = (session.prompt?.body as unknown as { text: string }[] | undefined)?.map(({ text }) => text);
    expect(texts?.[0]).toMatch(/^You carry out tasks/);
    expect(texts?.[1]).toBe(task.prompt);
    const messages = await ask(server, 'GET', '/smoke/messages', { sid: session.sid });
    expect(messages.body).toMatchObject([{ role: 'system' }, { role: 'user' }]);
    expect((await ask(server, 'GET', '/task_tools', { sid: session.sid })).body).toHaveProperty('tools');
    const calls = solution(task);
    for (const [name, input] of calls.slice(0, -1)) {
      expect(await session.call(name, input)).toMatchObject({ ok: true, reward: null, finished: false });
    }
    const [name, input] = calls.at(-1) ?? ['', {}];
    const last = await session.call(name, input);
    expect(last).toMatchObject({ ok: true, text: 'Finished.', reward: 1, finished: true });
    expect(last.metadata).toMatchObject({ outcome: 'terminated', verified: true, proper_finish: true });
    expect(Object.values(last.metadata['criteria'] ?? {}).length).toBe(task.rubric.criteria.length);
    for (const late of ['finish', 'leave_unfinished']) {
      const refused = await session.call(late, {});
      expect(refused).toMatchObject({ ok: false, reason: 'episode_finished', reward: null });
    }
    expect((await session.close()).body).toEqual({ sid: session.sid });
    const gone = await ask(server, 'POST', '/ping', { sid: session.sid });
    expect(gone.status).toBe(410);

    const [recorded] = server.trajectories();
    const [own] = await live({ pool, openView: toolView, policy: oracle(() => task), tasks: [task] });
    expect(recorded?.turns).toEqual(own?.turns);
    expect(recorded?.evidence).toEqual(own?.evidence);
    expect(recorded).toMatchObject({ key: { phase: 'test', task: task.id, repetition: 0 }, policy: 'remote' });
  });

  test('earns 0 for nothing done, by finish or by leaving, and nothing is lost when it is only deleted', async () => {
    const server = await served({ pool });
    const finished = await open(server, 'test', 1);
    expect(await finished.call('finish', {})).toMatchObject({ reward: 0, finished: true });
    const left = await open(server, 'test', 1);
    const end = await left.call('leave_unfinished', {});
    expect(end).toMatchObject({ reward: 0, finished: true, metadata: { outcome: 'truncated', cause: 'left' } });
    expect(await left.call('finish', {})).toMatchObject({ ok: false, reason: 'episode_finished' });
    const deleted = await open(server, 'test', 1);
    await deleted.close();
    expect(server.trajectories().map(({ key, outcome, rewards }) => [key.repetition, outcome, rewards.sparse])).toEqual(
      [
        [0, { kind: 'terminated', answer: '' }, 0],
        [1, { kind: 'truncated', cause: 'left' }, 0],
        [2, { kind: 'truncated', cause: 'left' }, 0],
      ],
    );
  });

  test('that its policy leaves with all done earns its end state, as no proper finish', async () => {
    const server = await served({ pool, rewards: codeRewards('rubric') });
    const index = server.suite.tasks('test', 12).findIndex(({ answer }) => answer === '');
    const task = taskOf(server, index);
    const session = await open(server, 'test', index);
    for (const [name, input] of solution(task).slice(0, -1)) await session.call(name, input);
    const { reward, metadata } = await session.call('leave_unfinished', {});
    expect(metadata).toMatchObject({ verified: true, proper_finish: false, reward: 'rubric' });
    expect(reward).toBeGreaterThan(0.5);
    expect(reward).toBe((metadata['rewards'] as { rubric: number }).rubric);
  });

  test('is cut off with its reward when its turns are used up', async () => {
    const server = await served({ pool });
    const session = await open(server, 'test', 0);
    let output;
    let calls = 0;
    do {
      output = await session.call('list_servers', {});
      calls++;
    } while (!output.finished && calls < 100);
    expect(output).toMatchObject({ reward: 0, finished: true, metadata: { outcome: 'truncated', cause: 'turns' } });
    expect(output.text).toContain('filesystem');
    expect(await session.call('finish', {})).toMatchObject({ ok: false, error: expect.stringContaining('turns') });
  });

  test('answers what a model gets wrong with words that the record holds too', async () => {
    const server = await served({ pool });
    const session = await open(server, 'test', 0);
    const wrong = [
      await session.call('open_door', { key: 1 }),
      await session.call('load_tools', { server: 'attic', tools: ['x'] }),
      await session.call('call_tool', { server: 'filesystem', tool: 'read_text_file', arguments: 'x' }),
    ];
    for (const one of wrong) expect(one).toMatchObject({ ok: true, metadata: { is_error: true } });
    await session.close();
    expect(server.trajectories()[0]?.turns.map(({ calls }) => calls[0]?.observation.text)).toEqual(
      wrong.map(({ text }) => text),
    );
  });

  test.each([
    [{ name: 7, input: {} }, 'name is no text.'],
    [{ name: 'finish', input: 'all' }, 'input is no object.'],
    [{ name: 'finish', input: {}, task_id: 7 }, 'task_id is no text.'],
    [{ name: 'finish', input: {}, task_id: 'nine' }, 'The session has had no call nine; nothing was called.'],
  ])('refuses the malformed call %j and lives on', async (body, words) => {
    const server = await served({ pool });
    const session = await open(server, 'test', 0);
    const reply = await ask(server, 'POST', '/call', { sid: session.sid, body });
    expect(reply).toMatchObject({ status: 400, body: { detail: words } });
    expect(await session.call('list_servers', {})).toMatchObject({ ok: true, metadata: { turn: 0 } });
  });

  test('is opened by a specification too, unless it is of another task', async () => {
    const server = await served({ pool });
    const { body } = await ask(server, 'POST', '/task', { body: { split: 'train', index: 3 } });
    const spec = body['task'] as object;
    const create = async (given: object) =>
      ask(server, 'POST', '/create', { sid: await newSid(server), body: { env_name: 'smoke', ...given } });
    expect((await create({ task_spec: spec })).status).toBe(200);
    const wrong = [
      [{ task_spec: { ...spec, seed: 5 } }, 'its seed is'],
      [{ task_spec: spec, split: 'train', index: 3 }, 'either task_spec or both split and index'],
      [{}, 'either task_spec or both split and index'],
      [{ split: 'train' }, 'Split train has no task undefined'],
      [{ task_spec: spec, toolset_name: 'codex' }, 'Toolsets of the client are not offered'],
    ] as const;
    for (const [given, words] of wrong) {
      expect(await create(given)).toMatchObject({ status: 400, body: { detail: expect.stringContaining(words) } });
    }
    expect(await create({ split: 'train', index: 3, env_name: 'attic' })).toMatchObject({ status: 404 });
    expect(await ask(server, 'POST', '/create', { sid: 'mine', body: { split: 'train', index: 3 } })).toMatchObject({
      status: 404,
    });
  });

  test('in which no prompt was read is a look at the tools and no episode', async () => {
    const server = await served({ pool });
    const sid = await newSid(server);
    await ask(server, 'POST', '/create', { sid, body: { split: 'test', index: 0 } });
    expect(await ask(server, 'POST', '/create', { sid, body: { split: 'test', index: 0 } })).toMatchObject({
      status: 400,
      body: { detail: 'Session already exists' },
    });
    await ask(server, 'POST', '/delete', { sid });
    expect(server.trajectories()).toEqual([]);
    expect(server.told).toEqual([]);
  });
});

describe('several sessions', () => {
  test('eight at once, of two trainers, see nothing of each other and are all recorded; a ninth is refused', async () => {
    const server = await served({ pool });
    const tasks = server.suite.tasks('test', 8);
    const sessions = await Promise.all(tasks.map((_, index) => open(server, 'test', index)));
    const ninth = await open(server, 'test', 8);
    expect(ninth.created).toMatchObject({
      status: 503,
      body: { detail: expect.stringMatching(/^All 8 episodes .*--sessions/) },
    });
    expect(ninth.created.headers.get('retry-after')).toBe('2');
    const ends = await Promise.all(
      sessions.map(async (session, index) => {
        let last;
        for (const [name, input] of solution(tasks[index] as Task)) last = await session.call(name, input);
        return last;
      }),
    );
    expect(ends.map((end) => end?.reward)).toEqual(tasks.map(() => 1));
    expect(server.counts()).toMatchObject({ open: 8, running: 0, opened: 8, refused: 1, recorded: 8, void: 0 });
    // A finished episode has given its world back, deleted or not.
    expect((await open(server, 'test', 8)).created.status).toBe(200);
  });

  test('number the episodes of a task', async () => {
    const server = await served({ pool });
    const sessions = await Promise.all([0, 0, 0].map((index) => open(server, 'train', index)));
    await Promise.all(sessions.map((session) => session.call('finish', {})));
    const numbers = server.trajectories().map(({ key }) => key.repetition);
    expect(new Set(numbers)).toEqual(new Set([0, 1, 2]));
  });
});
