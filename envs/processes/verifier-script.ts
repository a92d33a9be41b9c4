import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TaskFailure } from '../../core/errors.ts';
import type { ConfinementLevel } from '../../core/confinement.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import { SYSTEM_PATH } from '../confinement/levels/programs.ts';
import { wallOf } from '../confinement/levels/walls.ts';
import { readable } from './boxes.ts';
import { waitAtMost } from './wait-at-most.ts';
import { refuseUnstarted } from './started.ts';
import { signalGroup } from './supervisor.ts';

/** A server's folder, which a script may look into. */
export interface ScriptFolder {
  readonly server: string;
  readonly folder: string;
}

export interface ScriptRun {
  /** Program and arguments; no shell reads them. `{SERVER}` in an argument becomes the path of that server's folder. */
  readonly command: readonly string[];
  /** Working directory: that of the task file. */
  readonly folder: string;
  readonly servers: readonly ScriptFolder[];
  readonly level: ConfinementLevel;
  /** What it may read on its standard input. */
  readonly input?: string;
  /** How faults name it; by default by its command. */
  readonly name?: string;
  /** Files and folders that it may read in a box as well. */
  readonly reads?: readonly string[];
  /** Default 10 s. */
  readonly deadlineMilliseconds?: number;
}

const DEADLINE_MILLISECONDS = 10_000;
const GRACE_MILLISECONDS = 500;
/** Characters of its words that are kept. */
const MOST_TEXT = 2000;

/**
 * Runs a task's script. In a box it sees the system's programs, the task file's folder and the servers' folders, all of them
 * read-only, and no network; where the level is `arguments` it runs as the user's own program. Its text is the end of what it
 * wrote to standard error, or of its output where it wrote nothing there; none for exit code 0.
 * @throws TaskFailure when it cannot be run, is ended by a signal, or takes too long.
 */
export async function runScript(run: ScriptRun): Promise<{ readonly exitCode: number; readonly text: string }> {
  const home = mkdtempSync(join(tmpdir(), 'toolstone-script-'));
  try {
    return await runWithHome(run, home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** `home` is a folder to throw away: HOME, and the temporary folder. */
async function runWithHome(run: ScriptRun, home: string) {
  const wall = wallOf(run.level);
  const shownHome = wall?.movesPaths ? worldFolderOf('.home') : home;
  const places = run.servers.map(({ server, folder }) => ({
    server,
    real: folder,
    shown: wall?.movesPaths ? worldFolderOf(server) : folder,
  }));
  const command = run.command.map((part) =>
    places.reduce((text, { server, shown }) => text.replaceAll(`{${server}}`, () => shown), part),
  );
  const box = {
    folder: run.folder,
    writable: [{ real: home, shown: shownHome }],
    readable: [...readable([run.folder, ...(run.reads ?? [])]), ...places.filter(({ real }) => existsSync(real))],
    network: false,
  };
  const name = run.name ?? `script ${run.command.join(' ')}`;
  const { deadlineMilliseconds = DEADLINE_MILLISECONDS } = run;
  const { code, signal, output, errors, isLate } = await endOf(
    wall === null ? command : wall.wrap(box, [...ENTER, ...command]),
    run,
    shownHome,
    deadlineMilliseconds,
  );
  if (isLate) throw new TaskFailure(`${name} did not end within ${deadlineMilliseconds / 1000} s`);
  const message = (errors.trim() || output.trim()).slice(-MOST_TEXT);
  if (code === null) throw new TaskFailure(`${name} was ended by ${signal}: ${message}`);
  if (wall !== null && !existsSync(join(home, STARTED))) throw new TaskFailure(`${name}: ${message}`);
  return { exitCode: code, text: code === 0 ? '' : message };
}

const STARTED = '.toolstone-started';
/** Says that the box holds, whose own faults would else be taken for a script's no, and becomes the program that follows. */
const ENTER = ['/bin/sh', '-c', `: >"$HOME/${STARTED}"; exec "$0" "$@"`];

interface ScriptEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
  readonly isLate: boolean;
}

function endOf(
  command: readonly string[],
  { folder, input = '' }: Pick<ScriptRun, 'folder' | 'input'>,
  home: string,
  deadlineMilliseconds: number,
): Promise<ScriptEnd> {
  const [program, ...args] = command as [string, ...string[]];
  const environment = {
    PATH: `${dirname(process.execPath)}:${SYSTEM_PATH}`,
    HOME: home,
    TMPDIR: home,
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
  };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // Few scripts read it, and some have ended before.
    child.stdin.on('error', () => undefined).end(input);
    refuseUnstarted(child, program);
    const streams = { output: '', errors: '' };
    const keep = (key: keyof typeof streams) => (chunk: string) => {
      streams[key] = (streams[key] + chunk).slice(-2 * MOST_TEXT);
    };
    child.stdout.setEncoding('utf8').on('data', keep('output'));
    child.stderr.setEncoding('utf8').on('data', keep('errors'));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    }, deadlineMilliseconds);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new TaskFailure(`script ${program} could not be run: ${error.message}`, { cause: error }));
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      // What it started and left running must not stay, and may hold the pipes open.
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      const closed = new Promise((close) => child.once('close', close));
      void waitAtMost(GRACE_MILLISECONDS, closed).then(() => resolve({ code, signal, ...streams, isLate }));
    });
  });
}
