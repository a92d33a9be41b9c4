import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import net from 'node:net';

/**
 * A program that tries to get out of its folder, by every way that it knows, and says which of them led out. It is told what
 * there is outside, as JSON in its last argument. Attempts on mounts only run in a box: outside they would break the machine.
 */
export interface Outside {
  /** A folder with one file `canary.txt`, and a neighbour's state. */
  readonly folder: string;
  readonly neighbour: string;
  /** A process of the machine with `SECRET` in its environment, to look at and to end. */
  readonly victim: number;
  readonly tcpPort: number;
  readonly udpPort: number;
  readonly socket: string;
  /** A folder that the prisoner may read, and its own folder as it sees it. */
  readonly programs: string;
  readonly own: string;
  /** Stands in the command line of what is left behind. */
  readonly mark: string;
  readonly isBoxed: boolean;
}

const outside = JSON.parse(process.argv[2] ?? '{}') as Outside;
const { folder, neighbour, victim, programs, own } = outside;
const canary = `${folder}/canary.txt`;

/** Holds where the way leads out; throws or does not hold where it does not. */
type Way = () => boolean | void | Promise<boolean | void>;

const connects = (target: net.NetConnectOpts) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(target, () => resolve(true)).on('error', () => resolve(false));
    socket.unref();
    setTimeout(() => resolve(false), 2000).unref();
  });

/** Whether it arrives, the machine alone can tell. */
const sends = () =>
  new Promise<void>((resolve) => {
    const socket = dgram.createSocket('udp4').on('error', () => resolve());
    socket.send(outside.mark, outside.udpPort, '127.0.0.1', () => (socket.close(), resolve()));
  });

/** Whether one of these programs works: several, since a machine may lack some. */
const works = (...commands: readonly string[][]) =>
  commands.some(([program = '', ...args]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0);

const ways: Readonly<Record<string, Way>> = {
  'looks at a file outside': () => statSync(canary).size > 0,
  'reads a file outside': () => readFileSync(canary, 'utf8').includes('whole'),
  'lists a folder outside': () => readdirSync(folder).length > 0,
  'reads through a link of its own': () => {
    symlinkSync(canary, `${own}/link`);
    return readFileSync(`${own}/link`, 'utf8').includes('whole');
  },
  'links a file outside into its folder': () => linkSync(canary, `${own}/taken`),
  "reads the neighbour's state": () => readFileSync(`${neighbour}/canary.txt`, 'utf8').includes('whole'),
  "writes into the neighbour's state": () => writeFileSync(`${neighbour}/new.txt`, 'harm'),
  'writes a file outside': () => writeFileSync(`${folder}/new.txt`, 'harm'),
  'adds to a file outside': () => appendFileSync(`${folder}/add.txt`, 'harm'),
  'cuts a file outside short': () => truncateSync(`${folder}/cut.txt`, 0),
  'removes a file outside': () => unlinkSync(`${folder}/remove.txt`),
  'moves a file of its own outside': () => {
    writeFileSync(`${own}/mine.txt`, 'harm');
    renameSync(`${own}/mine.txt`, `${folder}/moved.txt`);
  },
  'changes the rights of a file outside': () => chmodSync(`${folder}/rights.txt`, 0o777),
  'writes among its programs': () => writeFileSync(`${programs}/harm.cjs`, 'harm'),
  'writes among its programs once mounts are changed': () => {
    if (!outside.isBoxed) return writeFileSync(`${programs}/harm2.cjs`, 'harm');
    const remount = ['mount', '-o', 'remount,bind,rw', programs];
    works(remount, ['umount', '-l', programs], ['unshare', '--user', '--map-root-user', '--mount', ...remount]);
    writeFileSync(`${programs}/harm2.cjs`, 'harm');
  },
  'mounts something': () =>
    outside.isBoxed
      ? works(
          ['mount', '-t', 'tmpfs', 'none', own],
          ['umount', '-l', own],
          ['umount', '-l', '/proc'],
          ['unshare', '--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', own],
        )
      : true,
  'changes a setting of the kernel': () => {
    const file = '/proc/sys/kernel/core_pattern';
    writeFileSync(file, readFileSync(file));
  },
  "reads the environment of another's process": () => readFileSync(`/proc/${victim}/environ`).includes('SECRET'),
  'finds a process of the machine': () => readFileSync(`/proc/${victim}/cmdline`, 'utf8').includes('setInterval'),
  "looks at the machine's files by another's process": () => readdirSync(`/proc/${victim}/root${folder}`).length > 0,
  'signals a process of the machine': () => process.kill(victim, 'SIGUSR2'),
  'connects over TCP': () => connects({ port: outside.tcpPort, host: '127.0.0.1' }),
  'connects to a socket that is a file': () => connects({ path: outside.socket }),
};

spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', outside.mark], {
  detached: true,
  stdio: 'ignore',
}).unref();
await sends();
const ledOut: string[] = [];
for (const [name, way] of Object.entries(ways)) {
  try {
    if ((await way()) !== false) ledOut.push(name);
  } catch {
    continue;
  }
}
process.stdout.write(JSON.stringify(ledOut));
process.exit();
