import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Interrupted, UsageError } from '../../core/errors.ts';
import { inOwnGroup } from '../../envs/processes/process-group.ts';
import { type Death, deathOf } from './dead-training.ts';
import { readMetrics, type StepMetrics } from './metrics.ts';
import { drivenEnvironment, type Script, scriptPath } from './python.ts';

export interface TrainerOptions {
  readonly python: string;
  readonly script: Script;
  readonly arguments: readonly string[];
  /** In which the script runs at once; 1 where left out. */
  readonly processes?: number;
  /** Its `--out`: `metrics.jsonl` is read there, and `trainer.log` written. */
  readonly out: string;
  /** Hears of all steps so far whenever there are more. */
  readonly heard: (steps: readonly StepMetrics[]) => void;
  /** Asked again and again why the training cannot go on, whatever its metrics show; undefined while it can. */
  readonly lost?: () => string | undefined;
}

const POLL_MILLISECONDS = 500;
/** A trainer that is asked to end and does not within this time is killed. */
const GRACE_MILLISECONDS = 3_000;
const LAST_LINES = 12;

/**
 * Runs a script of finetune/trl to its end, or stops it where its metrics show that it is dead. It leads a process group,
 * which is gone when this returns or throws, on Ctrl-C too; should this process be killed, the script ends by itself.
 * Throws `UsageError` with the script's own last words or those of `lost`, or `Interrupted`.
 */
export async function runTrainer(options: TrainerOptions): Promise<Death | undefined> {
  const { out, heard, lost } = options;
  mkdirSync(out, { recursive: true });
  const log = join(out, 'trainer.log');
  const child = start(options, log);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('exit', (code) => resolve(code));
  });
  let isInterrupted = false;
  let death: Death | undefined;
  let loss: string | undefined;
  let stepCount = 0;
  const onSignal = () => {
    if (isInterrupted) {
      killGroup(child);
      process.exit(130);
    }
    isInterrupted = true;
    void stop(child, ended);
  };
  const look = () => {
    if (loss === undefined && (loss = lost?.()) !== undefined) void stop(child, ended);
    const steps = readMetrics(join(out, 'metrics.jsonl'));
    if (steps.length === stepCount) return;
    stepCount = steps.length;
    heard(steps);
    death ??= deathOf(steps);
    if (death) void stop(child, ended);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const timer = setInterval(look, POLL_MILLISECONDS);
  let code: number | null;
  try {
    code = await ended;
    look();
  } finally {
    clearInterval(timer);
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await stop(child, ended);
  }
  if (isInterrupted) throw new Interrupted('interrupted');
  if (loss !== undefined && code !== 0) throw new UsageError(loss);
  if (death === undefined && code !== 0) throw new UsageError(lastWords(options.script, log, code));
  return death;
}

function start({ python, script, arguments: args, processes = 1 }: TrainerOptions, log: string): ChildProcess {
  const several = processes === 1 ? [] : [scriptPath('several'), String(processes)];
  const launch = inOwnGroup(python, [...several, scriptPath(script), ...args]);
  const output = openSync(log, 'a');
  try {
    return spawn(launch.command, launch.arguments, {
      detached: launch.detached,
      env: drivenEnvironment(processes),
      stdio: ['pipe', output, output],
    });
  } finally {
    closeSync(output);
  }
}

/** The end of its input ends the script; what remains of its group is killed. */
async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.stdin?.on('error', () => undefined).end();
  const grace = AbortSignal.timeout(GRACE_MILLISECONDS);
  await Promise.race([
    ended.catch(() => undefined),
    new Promise((resolve) => {
      grace.addEventListener('abort', resolve, { once: true });
    }),
  ]);
  killGroup(child);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody is left
  }
}

function lastWords(script: Script, log: string, code: number | null): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
  const isTraceback = lines.some((line) => /^\s+File ".*", line \d+/.test(line)) || code === null;
  const last = lines.at(-1) ?? '';
  // a script's own refusal is one sentence
  return isTraceback ? `${script}.py broke off (${last}). All it said stands in ${log}.` : last;
}
