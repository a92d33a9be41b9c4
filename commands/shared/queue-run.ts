import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { episodesAtOnce } from '../../baselines/open-policies.ts';
import { UsageError } from '../../core/errors.ts';
import type { EndpointCeilings } from '../../core/models/open.ts';
import type { Crew } from '../../core/run/job-worker.ts';
import { threadCrew } from '../../core/run/run-jobs.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { makingOf, type Making } from './making.ts';
import { entry } from './places.ts';
import { tell } from './printing.ts';
import type { WorkerSettings } from './worker.ts';

/** What a user says of the queue that a run is handed out by. */
export interface QueueFlags {
  /** Address of a Redis; absent: threads of this machine play. */
  readonly queue?: string | undefined;
  /** Episodes of a piece of work. */
  readonly batch?: number | undefined;
  readonly volatile?: true | undefined;
}

/** What a worker on another machine is told of a run. */
export interface RunDescription {
  readonly jobs: readonly Job[];
  readonly settings: Omit<WorkerSettings, 'lanes' | 'confinement'>;
  readonly making: Making;
  /** The task file, where the run is of own tasks: a machine without it plays from this text. */
  readonly taskFile?: { readonly name: string; readonly text: string };
}

/**
 * Episodes of a piece of work: few enough that the last ones are shared out well, and enough that handing out, some milliseconds a piece, costs
 * little beside playing. Episodes that wait for a model are slow enough for smaller pieces.
 */
export const batchFor = async (jobs: readonly Job[]): Promise<number> =>
  (await episodesAtOnce(jobs)) === undefined ? 64 : 16;

export interface CrewOptions extends QueueFlags {
  readonly run: string;
  readonly suite: Suite;
  readonly jobs: readonly Job[];
  readonly settings: Omit<WorkerSettings, 'lanes'>;
  /** Episodes at once on this machine; by default as fits the cores. */
  readonly concurrency: number | undefined;
  /** The user asked for that number. */
  readonly isWidthAsked: boolean;
}

/** Who plays the jobs of a run, until it is closed. */
export interface OpenedCrew extends Crew {
  readonly close: () => Promise<void>;
}

/** Who plays the jobs of a run: threads of this machine, or whoever takes from a queue. Throws `UsageError`. */
export async function crewOf(options: CrewOptions): Promise<OpenedCrew> {
  const { queue, run, suite, jobs, settings, concurrency } = options;
  if (queue === undefined) {
    refuseWithoutQueue(options);
    return { ...threadCrew(entry, settings, jobs.length, concurrency), close: async () => undefined };
  }
  refuseInQueue(options);
  const { queueAddress } = await import('../../core/queue/address.ts');
  const { openQueueCrew } = await import('../../core/queue/coordinator.ts');
  const { confinement: _ofThisMachine, ...told } = settings;
  const description: RunDescription = { jobs, settings: told, making: makingOf(suite, jobs), ...taskFileIn(settings) };
  return openQueueCrew({
    address: queueAddress(queue),
    isVolatile: options.volatile === true,
    run,
    description,
    batch: options.batch ?? (await batchFor(jobs)),
    tell: (sentence) => tell(`\n${sentence}`),
  });
}

function taskFileIn({ suite }: Pick<WorkerSettings, 'suite'>): Pick<RunDescription, 'taskFile'> {
  if (typeof suite === 'string') return {};
  return { taskFile: { name: basename(suite.file), text: readFileSync(suite.file, 'base64') } };
}

function refuseWithoutQueue({ batch, volatile }: QueueFlags): void {
  const flag = batch !== undefined ? '--batch' : volatile ? '--volatile' : undefined;
  if (flag)
    throw new UsageError(`${flag} says how a queue hands out work: name the queue with --queue, or leave ${flag} out.`);
}

/** What one machine alone can keep to. */
function refuseInQueue({ settings: { ceilings = {}, wire, ownServers }, isWidthAsked }: CrewOptions): void {
  if (isWidthAsked)
    throw new UsageError(
      'With --queue nothing is played here, so that --concurrency has nothing to say: give it to toolstone worker.',
    );
  const ceiling = ceilingOf(ceilings);
  if (ceiling)
    throw new UsageError(
      `${ceiling} is kept to by counting the calls of one machine, and with --queue several call. Leave it out, and set the limit where your provider has one; or run without --queue.`,
    );
  if (wire && wire.mode !== 'record')
    throw new UsageError('A replay asks no server and needs no other machine: leave out --queue.');
  if (ownServers?.isReal)
    throw new UsageError(
      'With --real servers use the files of this machine, which others do not have: leave out --queue.',
    );
}

function ceilingOf({ requestsPerMinute, totalTokens, totalMoney, totalSeconds }: EndpointCeilings): string | undefined {
  if (requestsPerMinute !== undefined) return '--requests-per-minute';
  if (totalTokens !== undefined) return '--total-tokens';
  if (totalMoney !== undefined) return '--total-money';
  return totalSeconds === undefined ? undefined : '--total-seconds';
}
