import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError, WorldFailure } from '../../core/errors.ts';
import { connect, type Launch } from '../../envs/processes/connection.ts';
import { startSupervisor } from '../../envs/processes/supervisor.ts';
import { processesWith } from './processes.ts';

const supervisor = startSupervisor();
afterAll(() => supervisor.close());

const STUB = fileURLToPath(new URL('./stub-server.ts', import.meta.url));
const start = (faults: object, more: Partial<Launch> = {}) =>
  connect(
    {
      server: 'stub',
      command: process.execPath,
      arguments: [STUB, JSON.stringify(faults)],
      folder: '/',
      environment: {},
      expectedTools: 2,
      startDeadlineMilliseconds: 5000,
      callDeadlineMilliseconds: 2000,
      callCeilingMilliseconds: 2000,
      isOwn: false,
      ...more,
    },
    supervisor,
  );

describe('a connection', () => {
  test('lists tools and calls them, past noise on stdout and a call for roots', async () => {
    const connection = await start({ noise: true, asksForRoots: true });
    expect(connection.list.tools.map(({ name }) => name)).toEqual(['echo', 'hang']);
    const { text, isError } = await connection.call('echo', '{"message":"grüße"}');
    expect(JSON.parse(text)).toEqual({ name: 'echo', arguments: { message: 'grüße' } });
    expect(isError).toBe(false);
    await connection.close();
  });

  test('subscribes to changes of the tools in the revision without sessions, with a user’s own server', async () => {
    const { list, call, close } = await start({ isStateless: true }, { isOwn: true });
    expect(list).toMatchObject({ tellsOfChanges: true, tools: [{ name: 'echo' }, { name: 'hang' }] });
    const { tools } = await call('echo', '{}');
    expect(tools?.map(({ name }) => name)).toEqual(['echo', 'hang', 'fresh']);
    expect((await call('echo', '{}')).tools, 'told once').toBeUndefined();
    await close();
  });

  test('answers many calls at once without mixing them up', async () => {
    const connection = await start({});
    const texts = await Promise.all(Array.from({ length: 50 }, (_, i) => connection.call('echo', `{"i":${i}}`)));
    expect(texts.map(({ text }) => JSON.parse(text).arguments.i)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    await connection.close();
  });

  test('carries a result larger than a pipe', async () => {
    const connection = await start({});
    const long = 'ü'.repeat(400_000);
    const { text } = await connection.call('echo', JSON.stringify({ long }));
    expect(JSON.parse(text).arguments.long).toBe(long);
    await connection.close();
  });

  test.each([{ idLast: false }, { idLast: true }])('answers a line over 16 MiB as an error (%o)', async (place) => {
    const connection = await start({ tools: 4 }, { callDeadlineMilliseconds: 60_000 });
    const flood = (mebibytes: number) => connection.call('flood', JSON.stringify({ mebibytes, ...place }));
    expect((await flood(15)).text).toHaveLength(15 * 2 ** 20);
    const before = process.memoryUsage.rss();
    const [long, short] = await Promise.all([flood(200), connection.call('echo', '{"a":1}')]);
    expect(long.isError).toBe(true);
    expect(long.text).toContain('longer than 16 MiB');
    expect(short.isError, 'the answer after it').toBe(false);
    expect(process.memoryUsage.rss() - before, 'memory').toBeLessThan(150 * 2 ** 20);
    expect((await connection.call('echo', '{}')).isError, 'the server goes on').toBe(false);
    await connection.close();
  });

  test('refuses an empty and a shrunken tool list by name', async () => {
    await expect(start({ tools: 0 })).rejects.toThrow(/Server stub answered with an empty tool list.*has 2/);
    await expect(start({ tools: 1 })).rejects.toThrow(/Server stub answered with a shrunken tool list \(1 tools\)/);
    await expect(start({ tools: 1 })).rejects.toThrow(UsageError);
  });

  test('quarantines one invalid schema by name and keeps the others', async () => {
    const connection = await start({ tools: 3, invalidSchema: true });
    expect(connection.list.tools.map(({ name }) => name)).toEqual(['echo', 'die']);
    expect(connection.list.quarantined).toEqual([{ name: 'hang', reason: 'its inputSchema has no "type": "object"' }]);
    await connection.close();
  });

  test('says with the last words of stderr why a server does not start', async () => {
    await expect(start({ failAtStart: true })).rejects.toThrow(/stub did not start.*code 3.*has no database.*npm ci/);
    await expect(start({}, { command: '/nowhere/node' })).rejects.toThrow(/stub did not start.*could not be run/);
  });

  test.each([
    [['{"jsonrpc":"2.0","id":ID,"error":{"code":-32000}}']],
    [['{"jsonrpc":"2.0","id":ID,"error":{"message":{"why":"x"}}}']],
    [['{"jsonrpc":"2.0","id":ID,"result":["done"]}']],
    [['{"id":ID}']],
    [
      [
        '{"method":5,"id":{}}',
        '{"id":[1],"method":{}}',
        '{"jsonrpc":"2.0","method":"x","params":7}',
        '{"id":ID,"error":[]}',
      ],
    ],
    [
      [
        '{"jsonrpc":"2.0","id":-1,"result":{}}',
        '{}',
        '{"id":null,"error":{}}',
        '{"id":ID,"result":{"content":[null]}}',
      ],
    ],
  ])('answers with an error that names the server where the reply is none, and goes on: %j', async (answers) => {
    const connection = await start({ answers });
    const expected = { text: expect.stringMatching(/^Server stub answered with /), isError: true };
    expect(await connection.call('echo', '{}')).toEqual(expected);
    expect(await connection.call('echo', '{}')).toEqual(expected);
    await connection.close();
  });

  test.each(['initialize', 'tools/list'])(
    'tells of a start that took too long in %s how to give it longer',
    async (deafTo) => {
      const started = start({ deafTo, mark: deafTo }, { startDeadlineMilliseconds: 400 });
      await expect(started).rejects.toThrow(
        /Server stub did not start within 0.4 s\. Give it longer with --start-deadline/,
      );
      await expect.poll(() => processesWith(`"mark":"${deafTo}"`)).toEqual([]);
    },
  );

  test('kills a server that misses its deadline', async () => {
    const connection = await start({ mark: 'deadline' }, { callDeadlineMilliseconds: 100 });
    await expect(connection.call('hang', '{}')).rejects.toThrow(WorldFailure);
    expect(connection.isAlive()).toBe(false);
    await expect.poll(() => processesWith('"mark":"deadline"')).toEqual([]);
  });

  test('fails the call during which the server dies', async () => {
    const connection = await start({ tools: 3 });
    await expect(connection.call('die', '{}')).rejects.toThrow(/Server stub exited with code 1/);
    await expect(connection.call('echo', '{}')).rejects.toThrow(WorldFailure);
  });

  test('ends a server that ignores both the end of stdin and SIGTERM', async () => {
    const connection = await start({ ignoreSigterm: true, mark: 'stubborn' });
    expect(processesWith('"mark":"stubborn"')).toHaveLength(1);
    await connection.close();
    expect(processesWith('"mark":"stubborn"')).toEqual([]);
  });
});
