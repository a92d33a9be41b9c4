import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../../core/errors.ts';
import { openRunFolder } from '../../core/record/run-folder.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import { rewardNames, type RewardName } from '../../core/reward-types.ts';
import { type ViewName } from '../../core/types.ts';
import { type OrsOptions, type OrsServer, startOrs } from './server.ts';
import { openSessionRecord } from './session-record.ts';

export interface ServeOptions extends Omit<OrsOptions, 'job' | 'record'> {
  readonly view: ViewName;
  /** The run's manifest around the one job of a server. */
  readonly manifestOf: (name: string, job: Job) => Manifest;
  /** Folder of all runs; `out` names one folder instead. */
  readonly base: string;
  readonly out: string | undefined;
  readonly isFresh: boolean;
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number;
}

export interface ServedRun extends OrsServer {
  /** The run's folder. */
  readonly path: string;
}

/** A server that records its sessions in a run folder. Throws `UsageError`. */
export async function startServedRun(options: ServeOptions): Promise<ServedRun> {
  const { suite, view, reward, tasks, told } = options;
  const evaluations = suite.splits.filter((split) => split !== 'train').map((split) => ({ split, tasks }));
  const job: Job = {
    name: `remote-${reward}-${view}/seed-1`,
    rows: { views: `remote, ${view}` },
    seed: 1,
    policy: 'remote',
    view,
    training: null,
    evaluations,
  };
  const manifest = options.manifestOf(`serve-${suite.name}-${reward}-${view}`, job);
  const run = openRunFolder({ manifest, base: options.base, out: options.out, isFresh: options.isFresh });
  for (const sentence of run.passedOver) told(sentence);
  try {
    const record = openSessionRecord(run.path, job, options.clock);
    try {
      const server = await startOrs({ ...options, job, record });
      const close = async () => {
        try {
          await server.close();
        } finally {
          record.close();
          run.release();
        }
      };
      return { ...server, path: run.path, close };
    } catch (error) {
      record.close();
      throw error;
    }
  } catch (error) {
    run.release();
    throw error;
  }
}

/** Serves until Ctrl-C (or SIGTERM), a second of which ends the process at once. Returns the run's folder. */
export async function serve(options: ServeOptions): Promise<string> {
  const run = await startServedRun(options);
  const stopped = Promise.withResolvers<void>();
  let signals = 0;
  const onSignal = () => {
    if (++signals > 1) process.exit(130);
    stopped.resolve();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    options.told(openingWords(options, run));
    await stopped.promise;
    options.told('stopping; unfinished episodes are not recorded');
    await run.close();
    const { opened, recorded, void: voids } = run.counts();
    options.told(`${opened} sessions, ${recorded} episodes recorded, ${voids} of them void`);
    return run.path;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function openingWords({ suite, reward, view, sessions, unheardSeconds, token }: ServeOptions, run: ServedRun): string {
  return [
    `Serving ${suite.name} (${view} view, ${reward} reward) at ${run.url}, ${sessions} episodes at a time; recording in ${run.path}`,
    `Clients need:  export OPENREWARD_API_URL=${run.url} OPENREWARD_SESSION_URL=${run.url} OPENREWARD_DISABLE_UPDATE_CHECK=1`,
    ...(token === undefined ? [] : ['               export OPENREWARD_API_KEY=…  (the token)']),
    `A session whose client is silent for ${unheardSeconds} s is closed. Ctrl-C stops the server.`,
  ].join('\n');
}

/** The reward of that name. Throws `UsageError`; the generic one is known from the paper, but no judge here gives it yet. */
export function rewardNamed(name: string): RewardName {
  const known = rewardNames.find((one) => one === name);
  if (known) return known;
  const why =
    name === 'generic' ? 'The reward "generic" needs a judge that is not here yet.' : `There is no reward "${name}".`;
  throw new UsageError(`${why} Rewards: ${rewardNames.join(', ')}.`);
}

/** The token in a file. Throws `UsageError` where there is none. */
export function readToken(path: string): string {
  let token = '';
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`The token file ${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError(`The file ${path} holds no token: one word of printable ASCII characters.`);
}
