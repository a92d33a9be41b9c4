import { readFileSync } from 'node:fs';
import { armLabel } from '../../core/arm-label.ts';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { Execution } from '../../core/execution.ts';
import { openRunFolder } from '../../core/record/run-folder.ts';
import type { Job, Manifest, TrainingJudge } from '../../core/run-types.ts';
import type { Suite, ViewName } from '../../core/types.ts';
import { type OrsOptions, type OrsServer, startOrs } from './server.ts';
import { openSessionRecord } from './session-record.ts';
import type { SessionCounts } from './sessions.ts';

export interface ServeOptions extends Omit<OrsOptions, 'record'> {
  /** Of the run, around `job`. */
  readonly manifest: Manifest;
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
  /** Why no further episode can be rewarded; undefined while the judge answers. */
  readonly lost: () => string | undefined;
}

export interface Recording {
  readonly view: ViewName;
  readonly execution: Execution;
  /** How names tell the reward from others: its own, or that with the judge. */
  readonly reward: string;
  readonly judge?: TrainingJudge | undefined;
  /** Of each split, at most. */
  readonly tasks: number;
}

/** What a server records: the one job of its run, with the run's name. */
export function servedRun(
  suite: Suite,
  { view, execution, reward, judge, tasks }: Recording,
): { readonly name: string; readonly job: Job } {
  const evaluations = suite.splits
    .filter((split) => split !== 'train')
    // A file of one's own may hold fewer, or none.
    .map((split) => ({ split, tasks: suite.isOwn ? suite.tasks(split, tasks).length : tasks }))
    .filter(({ tasks: count }) => count > 0);
  // Names of files are made of it.
  const by = execution === 'calls' ? {} : { execution };
  const plain = [view.replaceAll(/[^\w.-]+/g, '-'), ...Object.values(by)].join('-');
  const job = {
    name: `remote-${reward}-${plain}/seed-1`,
    rows: { views: armLabel('remote', { view, execution }) },
    seed: 1,
    policy: 'remote',
    view,
    ...by,
    training: null,
    ...(judge ? { judge } : {}),
    evaluations,
  };
  return { name: `serve-${suite.name}-${reward}-${plain}`, job };
}

/** A server that records its sessions in a run folder. Throws `UsageError`. */
export async function startServedRun(options: ServeOptions): Promise<ServedRun> {
  const { job, rewards, manifest, base, out, isFresh, told } = options;
  const run = openRunFolder({ manifest, base, out, isFresh });
  run.passedOver.forEach(told);
  try {
    const record = openSessionRecord(run.path, job, options.clock);
    try {
      const server = await startOrs({ ...options, record });
      const close = async () => {
        try {
          await server.close();
        } finally {
          const timing = rewards.timing();
          record.close(timing ? [{ job: job.name, phase: 'judge', ...timing }] : []);
          run.release();
        }
      };
      return { ...server, path: run.path, lost: rewards.lost, close };
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
    options.told(closingWords(run.counts()));
    return run.path;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

const closingWords = ({ opened, recorded, void: voids, unjudged }: SessionCounts): string =>
  `${opened} sessions, ${recorded} episodes recorded, ${voids} of them void` +
  (unjudged > 0 ? `; ${unjudged} others have no reward, because only a judge could score them and none did` : '');

function openingWords({ suite, rewards, job, sessions, unheardSeconds, token }: ServeOptions, run: ServedRun): string {
  const execution = job.execution === undefined ? '' : `, execution ${job.execution}`;
  const by = job.judge ? ` by ${job.judge.name}` : '';
  return [
    `Serving ${suite.name} (${job.view} view${execution}, ${rewards.reward} reward${by}) at ${run.url}, ${sessions} episodes at a time; recording in ${run.path}`,
    `Clients need:  export OPENREWARD_API_URL=${run.url} OPENREWARD_SESSION_URL=${run.url} OPENREWARD_DISABLE_UPDATE_CHECK=1`,
    ...(token === undefined ? [] : ['               export OPENREWARD_API_KEY=…  (the token)']),
    `A session whose client is silent for ${unheardSeconds} s is closed. Ctrl-C stops the server.`,
  ].join('\n');
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
