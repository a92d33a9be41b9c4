import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError, WorldFailure } from '../../core/errors.ts';
import type { World, WorldPool } from '../../core/types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { restingPool } from '../../finetune/ors/resting-pool.ts';
import { eventually } from '../envs/processes.ts';
import { ask, eventsIn, open, outputOf, type Served, served, solution } from './served.ts';

let pool: WorldPool;
beforeAll(() => {
  pool = openWorldPool({ lanes: 8 });
});
afterAll(() => pool.dispose());

const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The pool, its worlds' calls replaced. */
const withCall = (call: (world: World, use: number) => World['call']): WorldPool => {
  let uses = 0;
  return {
    ...pool,
    use: (parameters, seed, work) =>
      pool.use(parameters, seed, (world) => work({ ...world, call: call(world, uses++) })),
  };
};

/** Posts a call and cuts the connection once `until` stands in what came back; returns that. */
function cutCall(server: Served, sid: string, body: object, until: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'X-Session-ID': sid, 'Content-Type': 'application/json' };
    const sent = request(`${server.url}/call`, { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.on('error', () => resolve(text));
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes(until)) sent.destroy();
      });
      response.on('close', () => resolve(text));
    });
    sent.on('error', (error) => (sent.destroyed ? resolve('') : reject(error)));
    sent.end(JSON.stringify(body));
    if (until === '') setTimeout(() => sent.destroy(), 100);
  });
}

const write = {
  name: 'call_tool',
  input: { server: 'memory', tool: 'create_entities', arguments: { entities: [] } },
};

const slow = (seconds: number) =>
  withCall((world) => async (...call) => {
    await delay(seconds * 1000);
    return world.call(...call);
  });

describe('a call whose connection breaks', () => {
  test.each([
    ['after its id', 'data:', true],
    ['before anything came back', '', false],
  ] as const)('%s runs once, and its answer is there for whoever comes back', async (_, until, hasId) => {
    const server = await served({ pool: slow(0.3) });
    const session = await open(server, 'test', 0);
    await session.call('load_tools', { server: 'memory', tools: ['create_entities'] });
    const seen = await cutCall(server, session.sid, write, until);
    const id = eventsIn(`${seen}\n\n`)[0]?.data;
    if (!hasId) await delay(100); // the client waits half a second
    const first = await session.call(write.name, write.input, hasId ? { task_id: id } : {});
    expect(first).toMatchObject({ ok: true, metadata: { turn: 1, is_error: false } });
    const again = await session.call(write.name, write.input, { task_id: first.taskId });
    expect(again).toEqual(first);
    const anew = await session.call(write.name, write.input);
    expect(anew.metadata['turn'], 'the same call on purpose').toBe(2);
    await session.close();
    expect(server.trajectories()[0]?.turns.length).toBe(3);
  });

  test('while its client is gone for good is over when nothing was heard for long', async () => {
    const server = await served({ pool: slow(0.2), unheardSeconds: 3 });
    const session = await open(server, 'test', 0);
    await session.call('load_tools', { server: 'memory', tools: ['create_entities'] });
    await cutCall(server, session.sid, write, 'data:');
    expect(await eventually(() => server.counts().open === 0)).toBe(true);
    expect(server.counts()).toMatchObject({ running: 0, unheard: 1, recorded: 1, void: 1 });
    expect(server.trajectories()[0]).toMatchObject({
      outcome: { kind: 'failed', culprit: 'policy', message: 'The client of the session was not heard of any more.' },
      success: null,
      turns: [{ calls: [{ event: { kind: 'loaded' } }] }, { calls: [{ event: { kind: 'called' } }] }],
    });
    expect((await ask(server, 'POST', '/ping', { sid: session.sid })).status).toBe(410);
  });
});

test('text arrives byte for byte, blanks, blank lines and long ones too', async () => {
  const texts = [`a${' '.repeat(10_000)}b\n\n\u2028\u3000 c`, ' '.repeat(300_000), '  \n\n  “é” 𝄞 \u0085 '];
  let next = 0;
  const server = await served({
    pool: withCall(() => async () => ({ text: texts[next++] as string, isError: false })),
  });
  const session = await open(server, 'test', 0);
  await session.call('load_tools', { server: 'memory', tools: ['create_entities'] });
  for (const text of texts) expect((await session.call(write.name, write.input)).text).toBe(text);
  const response = await fetch(`${server.url}/call`, {
    method: 'POST',
    headers: { 'X-Session-ID': session.sid, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...write, task_id: `${session.sid}.2` }),
  });
  const stream = await response.text();
  expect(Math.max(...stream.split('\n').map((line) => line.length)), 'longest line').toBeLessThan(65_536);
  expect(outputOf(eventsIn(stream)).text).toBe(texts[1]);
});

describe('a world that breaks', () => {
  test('is made anew, the calls so far are made again, and the client does not notice', async () => {
    let isBroken = false;
    const server = await served({
      pool: withCall((world) => async (name, tool, args) => {
        const result = await world.call(name, tool, args);
        if (isBroken) return result;
        isBroken = true;
        throw new WorldFailure('a server died');
      }),
    });
    const session = await open(server, 'test', 0);
    let last;
    for (const [name, input] of solution(server.suite.tasks('test', 1)[0] as never)) {
      last = await session.call(name, input);
    }
    expect(isBroken).toBe(true);
    expect(last).toMatchObject({ reward: 1, finished: true });
    expect(server.counts()).toMatchObject({ recorded: 1, void: 0 });
  });

  test('again and again makes the episode void, which is no reward of 0', async () => {
    const server = await served({
      pool: withCall(() => async () => {
        throw new WorldFailure('a server died');
      }),
    });
    const session = await open(server, 'test', 0);
    await session.call('load_tools', { server: 'memory', tools: ['create_entities'] });
    const end = await session.call(write.name, write.input);
    expect(end).toMatchObject({ ok: true, reward: null, finished: true, text: 'The episode is void: a server died' });
    expect(end.metadata).toMatchObject({ outcome: 'failed', cause: 'world', verified: null });
    expect(server.counts()).toMatchObject({ recorded: 1, void: 1, running: 0 });
  });

  test('at its start refuses the session with the reason', async () => {
    const server = await served({
      pool: { ...pool, use: () => Promise.reject(new UsageError('The disk is full. Free some space.')) },
    });
    const session = await open(server, 'test', 0);
    expect(session.created).toMatchObject({ status: 500, body: { detail: 'The disk is full. Free some space.' } });
    expect(server.counts()).toMatchObject({ open: 0, running: 0 });
  });
});

test('an episode that cannot be recorded earns nothing, and the server tells why', async () => {
  const server = await served({
    pool,
    record: {
      nextRepetition: () => 0,
      keep: () => {
        throw new UsageError('Cannot write trajectories.jsonl: the disk is full.');
      },
      counts: () => ({ recorded: 0, void: 0 }),
      close: () => undefined,
    },
  });
  const session = await open(server, 'test', 0);
  const end = await session.call('finish', {});
  expect(end).toMatchObject({ reward: null, finished: true, text: expect.stringContaining('the disk is full') });
  expect(server.told.join()).toContain('the disk is full');
});

describe('worlds', () => {
  test('are put away when no session has been open for the stated time, and are there again for the next', async () => {
    let opened = 0;
    let disposed = 0;
    const server = await served({
      unheardSeconds: 0.3,
      openPool: (lanes) => {
        opened++;
        const own = openWorldPool({ lanes });
        const dispose = async () => {
          await own.dispose();
          disposed++;
        };
        return { ...own, dispose };
      },
    });
    const first = await open(server, 'test', 0);
    expect(await first.call('list_servers', {})).toMatchObject({ ok: true });
    expect(await eventually(() => disposed === 1), 'unheard session and worlds gone').toBe(true);
    const second = await open(server, 'test', 0);
    expect(await second.call('finish', {})).toMatchObject({ reward: 0 });
    expect([opened, disposed]).toEqual([2, 1]);
    await second.close();
    expect(await eventually(() => disposed === 2)).toBe(true);
  });

  test('are kept while a session is open', async () => {
    let disposed = 0;
    const resting = restingPool(() => ({ ...pool, dispose: async () => void disposed++ }));
    resting.factsOf({ servers: [], files: {} });
    resting.restAfter(10);
    resting.restAfter(undefined);
    await delay(30);
    expect(disposed).toBe(0);
    await resting.dispose();
    expect(disposed).toBe(1);
  });
});

test('closing the server in mid-call ends every session and answers what waits', async () => {
  const server = await served({
    pool: slow(0.3),
  });
  const session = await open(server, 'test', 0);
  await session.call('load_tools', { server: 'memory', tools: ['create_entities'] });
  const waiting = session.call(write.name, write.input);
  await delay(50);
  await server.close();
  expect(await waiting).toMatchObject({ ok: false, reason: 'episode_finished' });
  expect(server.trajectories()).toEqual([]);
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();
});
