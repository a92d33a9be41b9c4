import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { moduleEnding } from '../../core/list.ts';
import { waitAtMost } from './wait-at-most.ts';
import { refuseUnstarted } from './started.ts';

/** Outlives the harness by a moment, to kill the process groups and remove the folders that it left behind. */
export interface Supervisor {
  readonly addGroup: (processGroup: number) => void;
  readonly removeGroup: (processGroup: number) => void;
  readonly addFolder: (folder: string) => void;
  readonly removeFolder: (folder: string) => void;
  /** Lets the supervisor clean up what is still listed, and waits for its end. */
  readonly close: () => Promise<void>;
}

const CLOSE_MILLISECONDS = 3000;

/** Scripts beside this file, without their endings. Each stands here whole: by that `core/identity` finds it. */
const scripts = {
  'probe-child': new URL('./probe-child', import.meta.url),
  'supervisor-child': new URL('./supervisor-child', import.meta.url),
};

/** Path of a script, in the form that exists here: `.ts` in development, `.js` when compiled. */
export const scriptPath = (name: keyof typeof scripts): string => `${fileURLToPath(scripts[name])}${moduleEnding}`;

export function startSupervisor(): Supervisor {
  const child = spawn(process.execPath, [scriptPath('supervisor-child')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  });
  refuseUnstarted(child, process.execPath);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  // Losing the supervisor loses the safety net, not the run.
  child.stdin.on('error', () => undefined);
  child.unref();
  (child.stdin as unknown as { unref: () => void }).unref();
  const tell = (line: string) => void child.stdin.write(`${line}\n`);
  return {
    addGroup: (group) => tell(`+group ${group}`),
    removeGroup: (group) => tell(`-group ${group}`),
    addFolder: (folder) => tell(`+folder ${folder}`),
    removeFolder: (folder) => tell(`-folder ${folder}`),
    close: async () => {
      child.stdin.end();
      await waitAtMost(CLOSE_MILLISECONDS, ended);
    },
  };
}

/** Signals a process group, or its leader before there is a group; what is gone already is no error. */
export function signalGroup(processGroup: number, signal: NodeJS.Signals): void {
  for (const target of [-processGroup, processGroup]) {
    try {
      process.kill(target, signal);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
