import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';
import { commandLine } from '../../commands/shared/command-line.ts';

const entry = fileURLToPath(new URL('../../toolstone.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line as a user would; `finished` resolves when it has ended. */
export const start = (...args: readonly string[]): ReturnType<typeof startIn> => startIn(process.env, ...args);

interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** The same with an environment of its own. */
export const startIn = (env: NodeJS.ProcessEnv, ...args: readonly string[]): Started => started(entry, env, args);

/** The same of another copy of Toolstone, by its `toolstone.ts`. */
export const startFrom = (path: string, ...args: readonly string[]): Started => started(path, process.env, args);

function started(path: string, env: NodeJS.ProcessEnv, args: readonly string[]): Started {
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (read.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (read.stderr += chunk.toString()));
  const finished = new Promise<Finished>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...read })),
  );
  return { child, finished };
}

/** By the real command line, in a process of its own. */
export const toolstoneProcess = (...args: readonly string[]): Promise<Finished> => start(...args).finished;

let previous: Promise<unknown> = Promise.resolve();

/**
 * The same in this process, which spares starting a program for every sentence. Commands follow one another, since each has
 * the standard output to itself.
 */
export function toolstone(...args: readonly string[]): Promise<Finished> {
  const finished = previous.then(() => inThisProcess(args));
  previous = finished.catch(() => undefined);
  return finished;
}

async function inThisProcess(args: readonly string[]): Promise<Finished> {
  const output = { stdout: '', stderr: '' };
  const keep = (key: keyof typeof output) => (text: string | Uint8Array) => {
    output[key] += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  };
  const spies = (['stdout', 'stderr'] as const).map((key) =>
    vi.spyOn(process[key], 'write').mockImplementation(keep(key)),
  );
  const before = { process: process.listeners('uncaughtException'), stdout: process.stdout.listeners('error') };
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    await commandLine(args);
    return { code: exitCodeNow(), signal: null, ...output };
  } finally {
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
    for (const listener of process.listeners('uncaughtException'))
      if (!before.process.includes(listener)) process.off('uncaughtException', listener);
    for (const listener of process.stdout.listeners('error') as (() => void)[])
      if (!before.stdout.includes(listener)) process.stdout.off('error', listener);
  }
}

/** Read anew, since a command sets what the compiler takes for what was set before it. */
const exitCodeNow = (): number => Number(process.exitCode ?? 0);

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** SHA-256 of every file of a run that equal runs must share: all but clock times and the lock. */
export function digests(run: string): Record<string, string> {
  const files = readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/timings|^lock$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    files.map((file) => [file.slice(run.length + 1), createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}

/** Waits until a file has at least so many lines; rejects when the command ends before. */
export async function waitForLines(file: string, lines: number, finished: Promise<Finished>): Promise<void> {
  let end: Finished | undefined;
  void finished.then((one) => (end = one));
  while (!existsSync(file) || readFileSync(file, 'utf8').split('\n').length <= lines) {
    if (end) throw new Error(`the command ended with ${end.code} before ${lines} lines: ${end.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
