import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConfinementLevel } from '../../core/confinement.ts';
import { asItIs, type Box } from '../../envs/confinement/levels/wall.ts';
import { SYSTEM_PATH } from '../../envs/confinement/levels/programs.ts';
import { wallOf } from '../../envs/confinement/levels/walls.ts';
import { readable } from '../../envs/processes/boxes.ts';
import { LEVELS } from './levels.ts';
import type { Outside } from './prisoner.ts';
import { eventually, processesWith } from './processes.ts';

const root = mkdtempSync(join(tmpdir(), 'toolstone-walls-'));
const [folder, neighbour, programs] = ['outside', 'neighbour', 'programs'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
const socket = join(folder, 'socket');
let victim: ChildProcess;
const tcp = net.createServer((connection) => connection.on('error', () => undefined));
const unix = net.createServer((connection) => connection.on('error', () => undefined));
const udp = dgram.createSocket('udp4');
const received = new Set<string>();

const UDP = 'sends over UDP';
const CANARIES = ['canary.txt', 'add.txt', 'cut.txt', 'remove.txt', 'rights.txt'];

function setOut(): void {
  rmSync(programs, { recursive: true, force: true });
  for (const one of [folder, neighbour, programs]) mkdirSync(one, { recursive: true });
  for (const name of readdirSync(folder)) if (name !== 'socket') rmSync(join(folder, name));
  for (const name of CANARIES) writeFileSync(join(folder, name), 'whole\n');
  writeFileSync(join(neighbour, 'canary.txt'), 'whole\n');
  cpSync(new URL('./prisoner.ts', import.meta.url), join(programs, 'prisoner.ts'));
}

beforeAll(async () => {
  setOut();
  victim = spawn(process.execPath, ['-e', 'process.on("SIGUSR2", () => {}); setInterval(() => {}, 1000)'], {
    env: { TOLD: 'SECRET' },
    stdio: 'ignore',
  });
  tcp.listen(0, '127.0.0.1');
  unix.listen(socket);
  udp.on('message', (message) => received.add(message.toString()));
  udp.bind(0, '127.0.0.1');
  await Promise.all([once(tcp, 'listening'), once(unix, 'listening'), once(udp, 'listening')]);
});
afterAll(() => {
  victim.kill('SIGKILL');
  tcp.close();
  unix.close();
  udp.close();
  rmSync(root, { recursive: true, force: true });
});

/** What leads out of a box of a level; at `arguments` there is none. */
async function waysOut(level: ConfinementLevel): Promise<{ readonly ledOut: string[]; readonly mark: string }> {
  setOut();
  const wall = wallOf(level);
  const real = mkdtempSync(join(root, 'own-'));
  const shown = wall?.movesPaths ? '/world' : real;
  const box: Box = {
    folder: shown,
    writable: [{ real, shown }],
    readable: [...readable([]), asItIs(programs)],
    network: false,
  };
  const mark = `mark-${level}-${process.pid}`;
  const outside: Outside = {
    folder,
    neighbour,
    programs,
    socket,
    mark,
    own: shown,
    victim: victim.pid as number,
    tcpPort: (tcp.address() as net.AddressInfo).port,
    udpPort: udp.address().port,
    isBoxed: wall !== null,
  };
  const command = [process.execPath, join(programs, 'prisoner.ts'), JSON.stringify(outside)];
  const [program, ...args] = (wall?.wrap(box, command) ?? command) as [string, ...string[]];
  const child = spawn(program, args, { cwd: real, env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' } });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await once(child, 'close');
  expect([child.exitCode, errors.replaceAll(/^\(node.*\n|^\(Use.*\n|.*ExperimentalWarning.*\n/gm, '')]).toEqual([
    0,
    '',
  ]);
  const ledOut = JSON.parse(output) as string[];
  return { ledOut: received.has(mark) ? [...ledOut, UDP] : ledOut, mark };
}

const left = (mark: string) => processesWith(mark);
const endLeft = (mark: string) => left(mark).forEach((pid) => process.kill(pid, 'SIGKILL'));

/** What the kernel does not cover at this level, as docs/decisions say. */
const GAPS: Readonly<Partial<Record<ConfinementLevel, readonly string[]>>> = {
  landlock: [
    'looks at a file outside',
    'changes the rights of a file outside',
    UDP,
    'connects to a socket that is a file',
  ],
};

/** From Linux 6.12 on Landlock covers signals. */
const landlockCoversSignals = Number(spawnSync('perl', ['-e', 'print syscall(444, 0, 0, 1)']).stdout ?? 0) >= 6;

describe('a program that wants out', () => {
  test('finds every way out where nothing confines it', async () => {
    const { ledOut, mark } = await waysOut('arguments');
    const text = readFileSync(new URL('./prisoner.ts', import.meta.url), 'utf8');
    const all = [...text.matchAll(/^ {2}['"](.*)['"]: \(/gm)].map(([, name]) => name);
    expect(all.length).toBeGreaterThan(20);
    const isRoot = process.getuid?.() === 0;
    expect(ledOut).toEqual([...all, UDP].filter((name) => isRoot || name !== 'changes a setting of the kernel'));
    expect(left(mark)).toHaveLength(1);
    endLeft(mark);
  });

  test.each(LEVELS.filter(({ level }) => level !== 'arguments'))(
    'finds none, or what is known to be open, at level $title',
    async ({ level, skip }) => {
      if (skip) return;
      const { ledOut, mark } = await waysOut(level);
      const signals = level === 'landlock' && !landlockCoversSignals ? ['signals a process of the machine'] : [];
      expect(ledOut.toSorted()).toEqual([...(GAPS[level] ?? []), ...signals].toSorted());
      expect(readdirSync(folder).toSorted()).toEqual([...CANARIES, 'socket'].toSorted());
      for (const name of CANARIES) expect(readFileSync(join(folder, name), 'utf8')).toBe('whole\n');
      expect(readdirSync(programs)).toEqual(['prisoner.ts']);
      if (level !== 'landlock') expect(await eventually(() => left(mark).length === 0)).toBe(true);
      endLeft(mark);
    },
  );
});

describe.each(LEVELS.filter(({ level }) => level === 'bubblewrap' || level === 'namespaces'))(
  'at level $title',
  ({ level, skip }) => {
    test.skipIf(skip)('who asks its group to end, or kills the outermost process alone, ends all of it', async () => {
      const mark = `ended-${level}-${process.pid}`;
      const inner =
        'require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1e3)", process.argv[1]], { detached: true }); setInterval(() => {}, 1e3); console.log("up")';
      const box: Box = { folder: '/', writable: [], readable: readable([]), network: false };
      for (const [signal, sign] of [
        ['SIGTERM', -1],
        ['SIGKILL', 1],
      ] as const) {
        const command = [process.execPath, '-e', inner, mark];
        const [program, ...args] = (wallOf(level)?.wrap(box, command) ?? command) as [string, ...string[]];
        const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
        await once(child.stdout, 'data');
        expect(left(mark).length).toBeGreaterThanOrEqual(2);
        process.kill(sign * (child.pid as number), signal);
        expect(await eventually(() => left(mark).length === 0), signal).toBe(true);
      }
    });

    test.skipIf(skip)('what is mounted below a readable folder can be read, and no more', () => {
      const below = join(root, `below-${level}`);
      mkdirSync(join(below, 'a b'), { recursive: true });
      const box: Box = { folder: '/', writable: [], readable: [...readable([]), asItIs(below)], network: false };
      const inner = wallOf(level)?.wrap(box, ['sh', '-c', 'cat "$0/told"; touch "$0/new"', join(below, 'a b')]) ?? [];
      const mounted = 'mount -t tmpfs none "$0" && echo whole >"$0/told" && exec "$@"';
      const outer = ['--user', '--map-root-user', '--mount', 'sh', '-c', mounted, join(below, 'a b'), ...inner];
      // The programs of a PATH of one's own may lie where no box shows them.
      const env = { PATH: SYSTEM_PATH };
      const { stdout, stderr } = spawnSync('unshare', outer, { encoding: 'utf8', env });
      expect([stdout, stderr]).toEqual(['whole\n', expect.stringMatching(/Read-only file system/)]);
    });
  },
);
