import { describe, expect, test } from 'vitest';
import { WorldFailure } from '../../core/errors.ts';
import type { World, WorldPool } from '../../core/types.ts';
import { NoNativeTools } from '../../core/models/model-client.ts';
import { isRefusal } from '../../core/wire/failures.ts';
import { currentTape } from '../../core/wire/tape.ts';
import type { Recording } from '../../core/wire/recording.ts';
import type { Exchange, RecordedEpisode, Replayed } from '../../core/wire/wire-types.ts';
import { keepSecret } from '../../envs/processes/secrets.ts';
import { recordedUse, replayedUse } from '../../envs/wire/wired-pool.ts';

const servers = ['filesystem'];
const parameters = { servers, files: {} };

/** A pool of worlds that count what they are asked, so that no answer is like another. */
function countingPool(answerOf: (count: number) => string = (count) => `answer ${count}`) {
  const asked: string[] = [];
  const use: WorldPool['use'] = (_, _seed, work) => {
    let count = 0;
    const world: World = {
      toolspace: { servers: [], tools: [] },
      root: '/world',
      startHash: 'a'.repeat(64),
      call: async (server, tool, args) => {
        asked.push(`${server}.${tool} ${JSON.stringify(args)}`);
        if (tool === 'die') throw new WorldFailure('the server died');
        return { text: answerOf((count += 1)), isError: false };
      },
      evidence: async () => ({ filesystem: [`${count} calls`] }),
      inspect: async () => [],
    };
    return work(world);
  };
  return { asked, pool: { use } as WorldPool };
}

/** A recording of these episodes. */
function recordingOf(episodes: readonly RecordedEpisode[]): Recording {
  const maps = new Map(
    episodes.map(({ episode, exchanges }) => [episode, new Map(exchanges.map((one) => [one.key, one]))]),
  );
  const find = (key: string): Exchange | undefined => [...maps.values()].find((map) => map.has(key))?.get(key);
  return {
    folder: 'rec',
    header: {} as Recording['header'],
    exchangesOf: (episode) => maps.get(episode) ?? new Map(),
    find,
    functionRefusal: (connection) =>
      episodes
        .flatMap(({ exchanges }) => exchanges)
        .filter(isRefusal)
        .find((one) => one.connection === connection)?.failure,
  };
}

async function recorded(episode: string, work: (world: World) => Promise<unknown>, pool = countingPool().pool) {
  const kept: string[] = [];
  const use = recordedUse(pool, { keep: (_, entry) => kept.push(entry) });
  const result = await use(parameters, 1, work, episode);
  return { result, entry: kept[0] ?? '', episode: JSON.parse(kept[0] ?? '') as RecordedEpisode };
}

async function replayed(
  episodes: readonly RecordedEpisode[],
  work: (world: World) => Promise<unknown>,
  { name = 'e', isStrict = true, seed = 1, pool = countingPool().pool } = {},
) {
  const told: Replayed[] = [];
  const recording = recordingOf(episodes);
  const use = replayedUse(() => pool, { recording, isStrict, tell: (one) => told.push(one) });
  return { result: await use(parameters, seed, work, name), told };
}

const read = (path: string) => (world: World) => world.call('filesystem', 'read_text_file', { path });
const readBoth = async (world: World) => [await read('a')(world), await read('b')(world), await world.evidence()];

const readAndDie = async (world: World) => [
  ...(await readBoth(world)),
  await world.call('filesystem', 'die', {}).catch((error: unknown) => error),
];
const callSeveral = (world: World) =>
  Promise.all([world.call('b', 'slow', {}), world.call('a', 'fast', {}), world.call('b', 'next', {})]);

describe('a strict replay', () => {
  test('gives what was recorded, failures too, and asks nobody', async () => {
    const first = await recorded('e', readAndDie);
    const { asked, pool } = countingPool();
    const second = await replayed([first.episode], readAndDie, { pool });
    expect(second.result).toEqual(first.result);
    expect(asked).toEqual([]);
    expect(second.told).toEqual([{ episode: 'e', answered: 5, missed: [] }]);
  });

  test('answers an episode that was not recorded by another that asked the same', async () => {
    const { episode, result } = await recorded('e', readBoth);
    expect((await replayed([episode], readBoth, { name: 'other' })).result).toEqual(result);
  });

  test('does not take an answer for one that other requests went before', async () => {
    const { episode } = await recorded('e', readBoth);
    await expect(replayed([episode], read('b'))).rejects.toThrow(
      'The recording holds no answer to a call of filesystem.read_text_file, and a strict replay asks nobody else',
    );
  });

  test('gives a world with a fault where none was recorded with this seed', async () => {
    const { episode } = await recorded('e', readBoth);
    const { result, told } = await replayed([episode], async ({ fault }) => fault?.message, { seed: 2 });
    expect(result).toContain('no answer to the opening of its world');
    expect(told[0]?.missed).toEqual(['the opening of its world']);
  });
});

const look = (folder: string) => (world: World) =>
  world.inspect([{ kind: 'script', command: ['node', 'look.mjs'], folder }], {} as never);

test('what a script looks up is found again wherever its task file lies', async () => {
  const { episode, result } = await recorded('e', look('/here'));
  expect((await replayed([episode], look('/elsewhere'))).result).toEqual(result);
});

test('what a replay lacks is asked of a live world that has caught up first', async () => {
  const { episode } = await recorded('e', read('a'));
  const { asked, pool } = countingPool();
  const { result, told } = await replayed([episode], readBoth, { isStrict: false, pool });
  expect(result).toEqual([
    { text: 'answer 1', isError: false },
    { text: 'answer 2', isError: false },
    { filesystem: ['2 calls'] },
  ]);
  expect(asked).toEqual(['filesystem.read_text_file {"path":"a"}', 'filesystem.read_text_file {"path":"b"}']);
  expect(told[0]).toMatchObject({
    answered: 2,
    missed: ['a call of filesystem.read_text_file', 'the question for its end state'],
  });
});

/** A chat with a model that takes no functions. */
const ask = (functions: readonly string[]) =>
  currentTape()?.exchange('model m', ['hello', functions, {}], 'a chat', async () => {
    if (functions.length > 0) throw new NoNativeTools('no functions');
    return 'hi';
  });

const inText = () => ask([]) ?? Promise.resolve();
const afterFunctions = async () => [await ask(['f'])?.catch((error: unknown) => error), await ask([])];

test('whichever episode is told first that a model takes no functions, all are answered', async () => {
  const first = await recorded('first', afterFunctions);
  const second = await recorded('second', inText);
  const both = [first.episode, { ...second.episode, exchanges: [] }];
  expect((await replayed(both, inText, { name: 'first' })).result).toBe('hi');
  expect((await replayed([first.episode, second.episode], afterFunctions, { name: 'second' })).result).toEqual([
    new NoNativeTools('no functions'),
    'hi',
  ]);
});

test('calls of several servers at a time are recorded in one order', async () => {
  const { episode } = await recorded('e', callSeveral);
  expect(episode.exchanges.map(({ connection }) => connection)).toEqual(['server a', 'server b', 'server b', 'world']);
});

test('a secret stands in no recording, however a server or the policy wrote it', async () => {
  const secret = 'pl4nted/"quoted"\\slash';
  keepSecret('TOKEN', secret);
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`anna:${secret}`).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ];
  for (const form of forms) {
    const { pool } = countingPool(() => `it is ${form}.`);
    const { entry, episode, result } = await recorded('e', (world) => read(form)(world), pool);
    expect(entry).toContain('[secret TOKEN]');
    for (const other of forms) {
      expect(entry).not.toContain(other);
      expect(entry).not.toContain(JSON.stringify(other).slice(1, -1));
    }
    // It is found again although the key was made without the secret.
    expect((await replayed([episode], (world) => read(form)(world))).told[0]?.missed).toEqual([]);
    expect(result).toMatchObject({ isError: false });
  }
});
