import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { confinementOf } from '../../commands/shared/confinement.ts';
import { UsageError } from '../../core/errors.ts';
import { chooseConfinement, confinement, confinementNote } from '../../envs/confinement/choice.ts';
import type { McpServer } from '../../envs/mcp-configuration.ts';
import { ownServer } from '../../envs/own-server.ts';
import { addServers } from '../../envs/server-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { LEVELS, WORKING_LEVELS } from './levels.ts';
import { hideProgram, standInFor } from './optional-programs.ts';

afterEach(() => chooseConfinement(undefined));

describe('the level', () => {
  test('is the strongest that works here, and another where that is asked for', () => {
    expect(confinement()).toEqual({ level: WORKING_LEVELS[0], isStrict: false });
    for (const level of WORKING_LEVELS) {
      chooseConfinement(level);
      expect(confinement()).toEqual({ level, isStrict: false });
    }
  });

  test('that does not work is no choice, and the sentence says why and what adds it', () => {
    hideProgram('bwrap');
    expect(() => chooseConfinement('bubblewrap')).toThrow(UsageError);
    expect(() => chooseConfinement('bubblewrap')).toThrow(
      /--confinement names does not work on this machine: bubblewrap \(there is no program bwrap; add it: sudo apt install/,
    );
    expect(confinement().level).not.toBe('bubblewrap');
  });

  test('is not believed to work because its program is there', () => {
    standInFor('bwrap', `echo 'bwrap: No permissions to create new namespace' >&2; exit 1`);
    standInFor('unshare', `echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1`);
    expect(() => chooseConfinement('bubblewrap')).toThrow(/\(bwrap: No permissions to create new namespace; add it/);
    expect(() => chooseConfinement('strict')).toThrow(
      /on this machine: bubblewrap \(bwrap: No perm.*\)\. namespaces \(unshare: .*not permitted; add it: sudo sysctl/,
    );
    const { level } = confinement();
    expect(['landlock', 'arguments']).toContain(level);
    expect(confinementNote(confinement())).toMatch(
      /Not covered: .*Stronger, and missing here: bubblewrap \(.*add it: /,
    );
  });

  test('needs no more words where it is one of the strict ones', () => {
    expect(confinementNote({ level: 'namespaces', isStrict: false })).toBe('Servers are confined by namespaces.');
  });
});

/* ---- servers of a user's own ---- */

const root = mkdtempSync(join(tmpdir(), 'toolstone-own-'));
const [here, elsewhere] = [join(root, 'here'), join(root, 'elsewhere')];
const script = fileURLToPath(new URL('./evaluating-server.ts', import.meta.url));
const listener = net.createServer((connection) => connection.on('error', () => undefined));
beforeAll(async () => {
  for (const folder of [here, elsewhere]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'told.txt'), 'whole');
  }
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
});
afterAll(() => {
  listener.close();
  rmSync(root, { recursive: true, force: true });
});

let count = 0;
/** Name of a new server, whose code lies where it may read. */
function own(block: Partial<McpServer>): string {
  const name = `evaluating-${count++}`;
  const whole = { command: process.execPath, args: [script], ...block } as McpServer;
  const { definition, faults } = ownServer(name, { block: whole, folder: here });
  expect(faults).toEqual([]);
  addServers([definition]);
  return name;
}
const confined = (block: object = {}) => ({ confine: true, readable: [join(script, '..')], ...block });

const attempts = {
  writes: `fs.writeFileSync('mine.txt', 'kept') ?? fs.readFileSync('mine.txt', 'utf8')`,
  readsHere: `fs.readFileSync(${JSON.stringify(join(here, 'told.txt'))}, 'utf8')`,
  writesHere: `fs.writeFileSync(${JSON.stringify(join(here, 'new.txt'))}, 'harm') ?? 'written'`,
  readsElsewhere: `fs.readFileSync(${JSON.stringify(join(elsewhere, 'told.txt'))}, 'utf8')`,
  connects: `new Promise((resolve, reject) => net.connect(PORT, '127.0.0.1', () => resolve('connected')).on('error', reject))`,
};

/** What came of all attempts at each of some servers. */
async function tried(...servers: readonly string[]): Promise<Record<string, string>[]> {
  const pool = openWorldPool({ lanes: 1 });
  onTestFinished(() => pool.dispose());
  const { port } = listener.address() as net.AddressInfo;
  return pool.use({ servers, files: {} }, 1, async ({ call }) => {
    const results: Record<string, string>[] = [];
    for (const server of servers) {
      const ofServer: Record<string, string> = {};
      for (const [name, code] of Object.entries(attempts))
        ofServer[name] = (await call(server, 'evaluate', { code: code.replace('PORT', String(port)) })).text;
      results.push(ofServer);
    }
    return results;
  });
}

const free = {
  writes: 'kept',
  readsHere: 'whole',
  readsElsewhere: 'whole',
  writesHere: 'written',
  connects: 'connected',
};
const closed = expect.stringMatching(/^(ENOENT|EACCES|EROFS|EPERM|ENETUNREACH|ECONNREFUSED)$/) as string;
const shut = { ...free, readsElsewhere: closed, writesHere: closed, connects: closed };

describe('a server of your own', () => {
  afterEach(() => rmSync(join(here, 'new.txt'), { force: true }));

  test('goes where it likes unless its block says otherwise, and that is told', async () => {
    const name = own({});
    expect(await tried(name)).toEqual([free]);
    const played = { servers: [name, own(confined()), 'memory'], heldOutServers: [] };
    expect(confinementOf(played).unconfined).toEqual([name]);
  });

  test.each(LEVELS.filter(({ level }) => level !== 'arguments'))(
    'stays in its box where its block says so, at level $title',
    async ({ level, skip }) => {
      if (skip) return;
      chooseConfinement(level);
      const wider = confined({ readable: [join(script, '..'), '../elsewhere'] });
      const servers = [own(confined()), own(confined({ network: true })), own(wider)];
      expect(await tried(...servers)).toEqual([
        shut,
        { ...shut, connects: 'connected' },
        { ...shut, readsElsewhere: 'whole' },
      ]);
      expect(readdirSync(here)).toEqual(['told.txt']);
    },
  );

  test.skipIf(confinement().level !== 'bubblewrap' && confinement().level !== 'namespaces')(
    'is confined by `strict` whatever its block says, and refused where nobody can',
    async () => {
      chooseConfinement('strict');
      const name = own({ readable: [join(script, '..')] });
      expect(await tried(name)).toEqual([shut]);
      expect(confinementOf({ servers: [name], heldOutServers: [] }).unconfined).toEqual([]);
      const { definition } = ownServer('far', { block: { url: 'https://example.org/mcp' }, folder: here });
      addServers([definition]);
      await expect(tried('far')).rejects.toThrow(/Server far is reached over HTTP, where nobody can confine it/);
    },
  );

  test('is not started unconfined where its block wants a box and none works', async () => {
    chooseConfinement('arguments');
    const attempt = tried(own(confined()));
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(/is to be confined.*Take another level: bubblewrap \(/s);
  });
});
