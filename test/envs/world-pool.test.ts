import { afterAll, describe, expect, test } from 'vitest';
import { entityFact, fileFact, observationFact, relationFact } from '../../core/facts.ts';
import { WorldFailure } from '../../core/errors.ts';
import type { World } from '../../core/types.ts';
import { boardFiles } from '../../envs/state/board/files.ts';
import { graphFiles } from '../../envs/state/graph/files.ts';
import type { ConfinementLevel } from '../../core/confinement.ts';
import { WORKING_LEVELS } from './levels.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { processesWith } from './processes.ts';
import { isWhole } from '../whole.ts';

const pool = openWorldPool({ lanes: 10 });
afterAll(() => pool.dispose());

const world = (servers: readonly string[], files: Record<string, Record<string, string>> = {}) => ({ servers, files });

const draw = (seed: number) =>
  pool.use(world(['calc', 'time']), seed, async ({ call }) => [
    (await call('calc', 'random', { type: 'uuid' })).text,
    (await call('time', 'current_time', {})).text,
  ]);

const status = ({ call }: World) => call('git', 'git_status', {});

const damage = async ({ startHash, call, evidence }: World) => {
  const before = await evidence();
  await call('filesystem', 'write_file', { path: '/world/filesystem/keep/a.txt', content: 'changed' });
  await call('filesystem', 'create_directory', { path: '/world/filesystem/keep/deep/deeper' });
  await call('filesystem', 'move_file', {
    source: '/world/filesystem/empty',
    destination: '/world/filesystem/keep/deep/moved',
  });
  await call('memory', 'create_entities', { entities: [{ name: 'A', entityType: 'b', observations: [] }] });
  expect(await evidence()).not.toEqual(before);
  return { startHash, before };
};

const list = ({ call }: World) => call('filesystem', 'list_directory', { path: '/world/filesystem' });

/** Results of servers that are particular about paths, at a level of confinement. */
async function runConfined(level: ConfinementLevel) {
  const own = openWorldPool({ lanes: 1, level });
  try {
    return await own.use(world(['fast-filesystem', 'obsidian']), 3, async (one) => [
      await one.call('fast-filesystem', 'fast_write_file', { path: '/world/fast-filesystem/a', content: 'x' }),
      await one.call('fast-filesystem', 'fast_get_file_info', { path: '/world/fast-filesystem/a' }),
      await one.call('fast-filesystem', 'fast_list_allowed_directories', {}),
      await one.call('obsidian', 'create-note', { vault: 'obsidian', filename: 'n', content: '# n' }),
      await one.call('obsidian', 'create-note', { vault: 'obsidian', filename: 'n', content: '# n' }),
      await one.evidence(),
    ]);
  } finally {
    await own.dispose();
  }
}

describe('a world', () => {
  test('shows one constant path, whatever the lane', async () => {
    const texts = await Promise.all(
      [1, 2].map((seed) =>
        pool.use(world(['filesystem']), seed, async ({ root, call }) => {
          const path = `${root}/filesystem/a.txt`;
          const written = await call('filesystem', 'write_file', { path, content: `see ${path}` });
          const read = await call('filesystem', 'read_text_file', { path });
          return [written.text, read.text];
        }),
      ),
    );
    const expected = ['Successfully wrote to /world/filesystem/a.txt', 'see /world/filesystem/a.txt'];
    expect(texts).toEqual([expected, expected]);
  });

  test('starts each episode from its fixture, by hash and by facts, after every kind of damage', async () => {
    const parameters = world(['filesystem', 'memory'], { filesystem: { 'keep/a.txt': 'a', 'empty/': '' } });
    const first = await pool.use(parameters, 1, damage);
    const second = await pool.use(parameters, 2, damage);
    expect(second).toEqual(first);
    expect(first.before).toEqual(pool.factsOf(parameters));
    const other = await pool.use(world(['filesystem', 'memory']), 1, async ({ startHash }) => startHash);
    expect(other).not.toBe(first.startHash);
  });

  test('sets clock and randomness of a server anew by the seed', async () => {
    const [first, again, other] = [await draw(5), await draw(5), await draw(6)];
    expect(again).toEqual(first);
    expect(other[0]).not.toBe(first[0]);
    expect(other[1]).toBe(first[1]);
  });

  test("clears what a call left in a server's memory", async () => {
    const inside = await pool.use(world(['git']), 1, async (one) => {
      await one.call('git', 'git_set_working_dir', { path: '/world/git/repo' });
      return status(one);
    });
    expect(inside.isError).toBe(false);
    const outside = await pool.use(world(['git']), 1, status);
    expect(outside).toMatchObject({ isError: true, text: expect.stringContaining('No session working directory') });
  });

  test.each(['memory', 'knowledge-graph'])('states the same graph facts for %s', (server) => {
    const files = graphFiles(server, {
      entities: [{ name: 'Visby', type: 'harbour', observations: ['deep'] }],
      relations: [{ from: 'Visby', type: 'lies on', to: 'Gotland' }],
    });
    expect(pool.factsOf(world([server], { [server]: files }))[server]).toEqual([
      entityFact('Visby', 'harbour'),
      observationFact('Visby', 'deep'),
      relationFact('Visby', 'lies on', 'Gotland'),
    ]);
  });

  test('starts a board with tasks that the server can read and complete', async () => {
    const tasks = [{ id: 'abc12345', name: 'Paint', description: 'the hull', state: 'open' as const }];
    const parameters = world(['dex-tasks'], { 'dex-tasks': boardFiles(tasks) });
    expect(pool.factsOf(parameters)['dex-tasks']).toEqual(['["task","Paint","the hull","open"]']);
    const evidence = await pool.use(parameters, 1, async (one) => {
      await one.call('dex-tasks', 'update_task', { id: 'abc12345', completed: true, result: 'dry' });
      return one.evidence();
    });
    expect(evidence['dex-tasks']).toEqual(['["task","Paint","the hull","done"]']);
  });
});

describe('ten episodes at a time', () => {
  test.runIf(isWhole)('lose none of 200 entities', async () => {
    const counts = await Promise.all(
      Array.from({ length: 10 }, (_, lane) =>
        pool.use(world(['memory']), lane, async (one) => {
          for (let i = 0; i < 20; i++) {
            const entities = [{ name: `entity-${lane}-${i}`, entityType: 'thing', observations: [] }];
            await one.call('memory', 'create_entities', { entities });
          }
          const facts = (await one.evidence())['memory'] ?? [];
          return facts.filter((fact) => fact.startsWith(`["entity","entity-${lane}-`)).length;
        }),
      ),
    );
    expect(counts).toEqual(Array.from({ length: 10 }, () => 20));
  });
});

describe('a server that dies', () => {
  test('voids the episode, and the next one finds it restarted', async () => {
    const alone = openWorldPool({ lanes: 1 });
    const parameters = world(['filesystem'], { filesystem: { 'a.txt': 'a' } });
    const before = processesWith('server-filesystem', process.pid);
    const episode = alone.use(parameters, 1, async (one) => {
      await list(one);
      for (const id of processesWith('server-filesystem', process.pid))
        if (!before.includes(id)) process.kill(id, 'SIGKILL');
      await expect.poll(() => processesWith('server-filesystem', process.pid).length).toBe(before.length);
      return list(one);
    });
    await expect(episode).rejects.toThrow(WorldFailure);
    expect(await alone.use(parameters, 1, list)).toEqual({ text: '[FILE] a.txt', isError: false });
    await alone.dispose();
  });

  test('survives a tool that removes the folder its server works in', async () => {
    const own = openWorldPool({ lanes: 1, level: 'arguments' });
    const parameters = world(['fast-filesystem'], { 'fast-filesystem': { 'a.txt': 'a' } });
    const path = '/world/fast-filesystem';
    const wreck = ({ call, evidence }: World) =>
      call('fast-filesystem', 'fast_delete_file', { path, recursive: true, confirm_delete: false }).then(evidence);
    expect(await own.use(parameters, 1, wreck)).toEqual({ 'fast-filesystem': [] });
    const read = ({ call }: World) => call('fast-filesystem', 'fast_read_file', { path: `${path}/a.txt` });
    expect(await own.use(parameters, 1, read)).toMatchObject({ isError: false });
    await own.dispose();
  });

  test.runIf(isWhole)('a call past its deadline voids the episode, and the next one works', async () => {
    const hasty = openWorldPool({ lanes: 1, callDeadlineMilliseconds: 1 });
    const copy = hasty.use(world(['git']), 1, ({ call }) => call('git', 'git_status', { path: '/world/git/repo' }));
    await expect(copy).rejects.toThrow(/Server git did not answer git_status within 1 ms and was killed/);
    await hasty.dispose();
  });
});

describe('confinement', () => {
  const outside = [
    { server: 'fast-filesystem', tool: 'fast_read_file', args: { path: '/etc/hostname' } },
    { server: 'fast-filesystem', tool: 'fast_list_directory', args: { path: '../memory' } },
    { server: 'fast-filesystem', tool: 'fast_read_multiple_files', args: { paths: ['/world/memory/memory.jsonl'] } },
    { server: 'fast-filesystem', tool: 'fast_list_directory', args: { path: '~' } },
    {
      server: 'obsidian',
      tool: 'create-note',
      args: { vault: 'obsidian', filename: 'x', content: 'c', folder: '../..' },
    },
    {
      server: 'obsidian',
      tool: 'create-note',
      args: { vault: 'obsidian', filename: 'x', content: 'c', folder: 'a/../../b' },
    },
  ];

  test.each(outside)('$server refuses $args before the call', async ({ server, tool, args }) => {
    const { result, evidence } = await pool.use(world([server]), 1, async (one) => ({
      result: await one.call(server, tool, args),
      evidence: await one.evidence(),
    }));
    expect(result).toMatchObject({ isError: true, text: expect.stringMatching(/^Refused: .* is outside \/world\//) });
    expect(evidence).toEqual(pool.factsOf(world([server])));
  });

  test('prose may look like a path', async () => {
    const evidence = await pool.use(world(['fast-filesystem']), 1, async (one) => {
      const path = '/world/fast-filesystem/a.txt';
      await one.call('fast-filesystem', 'fast_write_file', { path, content: '/etc and ../..' });
      return one.evidence();
    });
    expect(evidence['fast-filesystem']).toEqual([fileFact('a.txt', '/etc and ../..')]);
  });

  test('every level that works here gives the same bytes', async () => {
    const expected = await runConfined('arguments');
    for (const level of WORKING_LEVELS) expect(await runConfined(level), level).toEqual(expected);
  });
});

describe('a world pool', () => {
  test('refuses lanes that are no whole number from 1', () => {
    expect(() => openWorldPool({ lanes: 0 })).toThrow(/whole number of lanes from 1, not 0/);
  });

  test('answers an unknown server with the known ones', () => {
    expect(() => pool.toolspaceOf(['nowhere'])).toThrow(/no server "nowhere". Known servers: .*filesystem/);
  });

  test.runIf(isWhole)('outlives servers that count their calls', { timeout: 60_000 }, async () => {
    const own = openWorldPool({ lanes: 1 });
    const look = { vault: 'obsidian', query: 'nothing' };
    const episode = () =>
      own.use(world(['obsidian']), 1, async ({ call }) => {
        const results: string[] = [];
        for (let index = 0; index < 40; index++) results.push((await call('obsidian', 'search-vault', look)).text);
        return results;
      });
    const first = await episode();
    for (let index = 0; index < 28; index++) expect(await episode()).toEqual(first);
    await own.dispose();
  });

  test('leaves no process and no folder behind when disposed of', async () => {
    const before = processesWith('server-memory', process.pid).length;
    const own = openWorldPool({ lanes: 2 });
    await own.use(world(['memory']), 1, ({ call }) => call('memory', 'read_graph', {}));
    expect(processesWith('server-memory', process.pid).length).toBe(before + 1);
    await own.dispose();
    expect(processesWith('server-memory', process.pid).length).toBe(before);
    await expect(own.use(world(['memory']), 1, async () => 0)).rejects.toThrow(WorldFailure);
  });
});
