import { expect, test } from 'vitest';
import { episode, evaluate, inParallel, type JobMessage, type JobTools } from '../../core/run/episode.ts';
import {
  EndpointContextExceeded,
  EndpointRefusal,
  EpisodeLeft,
  PolicyFailure,
  UsageError,
  WorldDamage,
  WorldFailure,
} from '../../core/errors.ts';
import episodeOf from '../../core/record/episode-figures.ts';
import { runJob } from '../../core/run/job.ts';
import { defaultLimits, limitsOf } from '../../core/run/limits.ts';
import type { Job } from '../../core/run-types.ts';
import type { TokenCounter } from '../../core/tokens/counter.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Action, Policy, World, WorldPool } from '../../core/types.ts';
import { score } from '../../judges/reward/rewards.ts';
import { tinyTask, tinyWorld } from '../models/tiny-world.ts';
import { call, scripted } from './scripted-policy.ts';
import { tinyTools } from './tiny-tools.ts';

const job: Job = {
  name: 'tiny/seed-1',
  rows: {},
  seed: 1,
  policy: 'scripted',
  view: 'eager',
  training: null,
  evaluations: [{ split: 'test', tasks: 3 }],
};
const key = { job: job.name, phase: 'test', task: tinyTask.id, repetition: 0 };

/** Lends the world that `worldOf` makes of the number of the try. */
const poolOf = (worldOf: (attempt: number) => World): WorldPool & { readonly tries: () => number } => {
  let tries = 0;
  return {
    use: async (_parameters, _seed, work) => work(worldOf(++tries)),
    factsOf: () => ({}),
    toolspaceOf: () => tinyWorld.toolspace,
    dispose: async () => undefined,
    tries: () => tries,
  };
};

const tasks = [0, 1, 2, 3].map((index) => ({ ...tinyTask, id: `tiny/notes/test/${index}` }));

const toolsOf = (pool: WorldPool, evaluated: Policy, more: Partial<JobTools> = {}): JobTools => ({
  ...tinyTools(tasks),
  pool,
  lanes: 2,
  evaluated,
  ...more,
});

const rolled = (pool: WorldPool, policy: Policy) => episode(job, tinyTask, key, policy, 0, toolsOf(pool, policy));
const unreadable = async () => {
  throw new WorldDamage('Server notes: more than 100000 files were left there');
};
const dead = async () => {
  throw new WorldFailure('Server notes died');
};

test('an episode whose server dies is repeated on a new world, with the bytes that it would have had', async () => {
  const policy = scripted(call({ text: 'blue' }));
  const whole = await rolled(
    poolOf(() => tinyWorld),
    policy,
  );
  const pool = poolOf((attempt) => (attempt === 1 ? { ...tinyWorld, call: dead } : tinyWorld));
  expect((await rolled(pool, policy)).trajectory).toEqual(whole.trajectory);
  expect(pool.tries()).toBe(2);
});

test.each([
  ['first call', { call: dead }, 3],
  ['evidence', { evidence: dead }, 1],
])('a world whose %s fails voids the episode and blames the world', async (_, broken, tries) => {
  const pool = poolOf(() => ({ ...tinyWorld, ...broken }));
  const { trajectory } = await rolled(pool, scripted(call({ text: 'blue' })));
  expect(trajectory.outcome).toEqual({ kind: 'failed', culprit: 'world', message: 'Server notes died' });
  expect(score(tinyTask, trajectory)).toMatchObject({ success: null, rewards: { sparse: null, rubric: null } });
  expect(pool.tries()).toBe(tries);
});

test('a world that its own calls left unreadable truncates the episode, scored as nothing reached', async () => {
  const pool = poolOf(() => ({ ...tinyWorld, evidence: unreadable }));
  const { trajectory } = await rolled(pool, scripted(call({ text: 'blue' })));
  expect(trajectory.outcome).toEqual({ kind: 'truncated', cause: 'damage' });
  expect(score(tinyTask, trajectory)).toMatchObject({
    success: { verified: false, properFinish: false },
    rewards: { sparse: 0, 'state-share': 0 },
  });
  const idle = { ...tinyTask, goal: { kind: 'state', expected: tinyTask.initial, answer: null } as const };
  expect(score(idle, trajectory).success).toEqual({ verified: false, properFinish: false });
  expect(pool.tries()).toBe(1);
});

test('a world that cannot be made ready ends the run with cause and cure', async () => {
  const pool = poolOf(() => {
    throw new WorldFailure('The world could not be reset: no space left on device');
  });
  const ended = rolled(pool, scripted());
  await expect(ended).rejects.toThrow(UsageError);
  await expect(ended).rejects.toThrow(/no space left on device, in 3 tries\..*full.*re-run the same command/);
});

test("a policy's failure is not tried again, since it has its own retries", async () => {
  const pool = poolOf(() => tinyWorld);
  const failing: Policy = {
    name: 'failing',
    start: () => ({ act: () => Promise.reject(new PolicyFailure('the endpoint is down')) }),
  };
  expect((await rolled(pool, failing)).trajectory.outcome).toMatchObject({ kind: 'failed', culprit: 'policy' });
  expect(pool.tries()).toBe(1);
});

test.each([
  ['endpoint-context', new EndpointContextExceeded('the prompt exceeds the context of the model')],
  ['refusal', new EndpointRefusal('the filter of the endpoint refused')],
  ['left', new EpisodeLeft('enough')],
])('an episode that ends by %s is truncated, keeps its turns and earns what it reached', async (cause, error) => {
  const pool = poolOf(() => tinyWorld);
  const ending: Policy = {
    name: 'ending',
    start: () => ({
      act: ([before]) => {
        if (before) throw error;
        return { calls: [{ action: call({ text: 'blue' }) }] };
      },
    }),
  };
  const { trajectory } = await rolled(pool, ending);
  expect(trajectory.outcome).toEqual({ kind: 'truncated', cause });
  expect(trajectory.turns).toHaveLength(1);
  expect(score(tinyTask, trajectory).success).toEqual({ verified: true, properFinish: false });
  expect(pool.tries()).toBe(1);
});

test.each<[string, Action]>([
  ['an unknown function', { name: 'constructor', arguments: {} }],
  ['arguments that are no object', { name: 'call_tool', arguments: 'blue' as unknown as JsonObject }],
  ['arguments of other types', call({ text: [1, null, { a: 'b' }] })],
  ['missing arguments', call({})],
  ['a server that is a number', { name: 'call_tool', arguments: { server: 5, tool: {}, arguments: [] } }],
  [
    'keys of the prototype',
    {
      name: 'call_tool',
      arguments: JSON.parse(
        '{"__proto__":{"x":1},"server":"constructor","tool":"toString","arguments":{}}',
      ) as JsonObject,
    },
  ],
  ['far more text than the context holds', call({ text: 'word '.repeat(2 ** 16) })],
])('junk is refused or answered, recorded and counted: %s', async (_, action) => {
  const { trajectory } = await rolled(
    poolOf(() => tinyWorld),
    scripted(action),
  );
  const [first] = trajectory.turns;
  expect(first?.calls[0]?.observation.text.length).toBeGreaterThan(10);
  expect(first?.tokens.prompt).toBeGreaterThan(0);
  expect(trajectory.turns[1]?.calls[0]?.event.kind ?? trajectory.outcome.kind).toMatch(/finished|truncated/);
});

test('an evaluation leaves out what is done, and tells each text of a system prompt before its record', async () => {
  const messages: JobMessage[] = [];
  const tools = toolsOf(
    poolOf(() => tinyWorld),
    scripted(),
    {
      isDone: ({ task }) => task.endsWith('1'),
      emit: (message) => messages.push(message),
    },
  );
  await evaluate(job, 'test', 'test', 3, 0, tools);
  const written = messages.flatMap((one) => (one.kind === 'episode' ? [one.key.task] : []));
  expect(written).toEqual(['tiny/notes/test/0', 'tiny/notes/test/2']);
  expect(messages[0]?.kind).toBe('system');
  expect(messages.at(-1)).toEqual({
    kind: 'timing',
    timing: { job: job.name, phase: 'test', episodes: 2, seconds: 0 },
  });
});

test('the first failure is thrown once all that had started has ended, and starts nothing more', async () => {
  const [started, ended]: [number[], number[]] = [[], []];
  const work = inParallel([0, 1, 2, 3, 4, 5], 3, async (item) => {
    started.push(item);
    await new Promise((resolve) => setTimeout(resolve, item === 1 ? 1 : 20));
    ended.push(item);
    if (item === 1) throw new Error('one failed');
  });
  await expect(work).rejects.toThrow('one failed');
  expect([started, ended.sort((a, b) => a - b)]).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
});

test('a first prompt beyond the limit is a failure with its size, and no turn', async () => {
  const policy = scripted();
  const tools = toolsOf(
    poolOf(() => tinyWorld),
    policy,
    { limits: { contextTokens: 100 } },
  );
  const { trajectory } = await episode(job, tinyTask, key, policy, 0, tools);
  expect(trajectory).toMatchObject({ turns: [], outcome: { kind: 'truncated', cause: 'context' } });
  expect(trajectory.overflow).toEqual({ promptTokens: expect.any(Number), contextTokens: 100 });
  const { peakTokens, tokens, success } = episodeOf(score(tinyTask, trajectory), 1, '', { start: 0, length: 0 });
  expect(peakTokens).toBe(trajectory.overflow?.promptTokens);
  expect(peakTokens).toBeGreaterThan(300);
  expect(tokens.prompt, 'nothing was sent').toBe(0);
  expect(success).toEqual({ verified: false, properFinish: false });
});

test('a later prompt beyond the limit leaves the size of the last one sent', async () => {
  const first =
    (
      await rolled(
        poolOf(() => tinyWorld),
        scripted(),
      )
    ).trajectory.turns[0]?.tokens.prompt ?? 0;
  const policy = scripted(call({ text: 'blue' }), call({ text: 'blue' }));
  const tools = toolsOf(
    poolOf(() => tinyWorld),
    policy,
    { limits: { contextTokens: first + 20 } },
  );
  const { trajectory } = await episode(job, tinyTask, key, policy, 0, tools);
  expect(trajectory.outcome).toEqual({ kind: 'truncated', cause: 'context' });
  expect(trajectory.overflow).toBeUndefined();
  expect(episodeOf(score(tinyTask, trajectory), 1, '', { start: 0, length: 0 }).peakTokens).toBe(first);
});

test('what the user gave goes before what a task asks for, and that before the usual', () => {
  expect(limitsOf({})).toEqual(defaultLimits);
  expect(limitsOf({ limits: { resultTokens: 7 } })).toEqual({ ...defaultLimits, resultTokens: 7 });
  expect(limitsOf({ limits: { resultTokens: 7, contextTokens: 8 } }, { resultTokens: 9 })).toEqual({
    resultTokens: 9,
    contextTokens: 8,
  });
});

test('an episode has the limits of its task, and the tokens of the counter it is given', async () => {
  const long = { ...tinyWorld, call: async () => ({ text: 'word '.repeat(500), isError: false }) };
  const policy = scripted(call({ text: 'blue' }));
  const task = { ...tinyTask, limits: { resultTokens: 40 } };
  const { trajectory } = await episode(
    job,
    task,
    key,
    policy,
    0,
    toolsOf(
      poolOf(() => long),
      policy,
      { limits: {} },
    ),
  );
  expect(trajectory.turns[0]?.calls[0]?.observation.cutTokens).toBeGreaterThan(400);
  const counter: TokenCounter = {
    source: { tokenizer: 'letters', template: 'qwen3', hash: '' },
    count: (text) => text.length,
    countInSlices: async (text) => text.length,
    cut: (text, limit, whole) => ({ text: text.slice(0, limit), cutTokens: whole - limit }),
  };
  const tools = toolsOf(
    poolOf(() => long),
    policy,
    { counter, limits: { contextTokens: 9_000, resultTokens: 90 } },
  );
  const [turn] = (await episode(job, tinyTask, key, policy, 0, tools)).trajectory.turns;
  expect(turn?.calls[0]?.observation.text.length).toBe(90);
  expect(turn?.tokens.prompt).toBeGreaterThan(1_500);
});

test('an evaluation that begins behind the first tasks plays those behind them, and as many as it is asked for', async () => {
  const messages: JobMessage[] = [];
  const policy = scripted();
  const tools = toolsOf(
    poolOf(() => tinyWorld),
    policy,
    { learner: null, emit: (message) => void messages.push(message) },
  );
  await runJob({ ...job, evaluations: [{ split: 'test', after: 1, tasks: 2 }] }, tools);
  const played = messages.flatMap((one) => (one.kind === 'episode' ? [one.key.task] : []));
  expect(played.toSorted()).toEqual(['tiny/notes/test/1', 'tiny/notes/test/2']);
});
