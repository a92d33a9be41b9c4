import { randomUUID } from 'node:crypto';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { Job } from '../../core/run-types.ts';
import type { EpisodeTools } from '../../core/run/episode.ts';
import type { TaskPlace } from './catalogue.ts';
import { Refusal } from './http.ts';
import type { RestingPool } from './resting-pool.ts';
import { type Ending, openSession, type Session } from './session.ts';
import type { SessionRecord } from './session-record.ts';
import type { RewardCounts, SessionRewards } from './session-rewards.ts';

export interface SessionsOptions {
  readonly job: Job;
  readonly tools: Omit<EpisodeTools, 'signal' | 'pool'> & { readonly pool: RestingPool };
  readonly rewards: SessionRewards;
  readonly record: SessionRecord;
  /** Episodes at a time. */
  readonly most: number;
  /** A session is closed when nothing was heard of its client for so long; worlds nobody needs are then put away. */
  readonly unheardSeconds: number;
  /** Hears of episodes that left nothing behind. */
  readonly told: (sentence: string) => void;
}

/** Numbers since the start. */
export interface SessionCounts extends RewardCounts {
  readonly open: number;
  readonly running: number;
  readonly opened: number;
  readonly refused: number;
  readonly unheard: number;
  readonly recorded: number;
  readonly void: number;
}

export interface Sessions {
  /** Ids cannot be guessed and are never used again, by this server or its next. */
  readonly newId: () => string;
  /** Throws `Refusal`. */
  readonly create: (id: string, place: TaskPlace) => Promise<void>;
  /** A session, whose client is thereby heard of. Throws `Refusal` for one that is not there. */
  readonly find: (id: string) => Promise<Session>;
  readonly remove: (id: string) => Promise<void>;
  readonly counts: () => SessionCounts;
  readonly close: () => Promise<void>;
}

/**
 * Sessions whose episode is over and whose client has not closed them: so many are kept for clients that come back for an
 * answer. The oldest beyond them are closed, so that a client that never closes any cannot fill the memory.
 */
export const MOST_ENDED_SESSIONS = 256;

/**
 * Sessions whose episode is over and waits for the judge: a judge slower than the policy would otherwise fill the memory. A server
 * that runs more at a time lets as many wait, since a client may open all of a step before it asks for any answer.
 */
export const MOST_JUDGED_SESSIONS = 256;

interface Entry {
  readonly opening: Promise<Session>;
  readonly timer: NodeJS.Timeout;
  session: Session | undefined;
  isClosing: boolean;
}

export function openSessions(options: SessionsOptions): Sessions {
  const { most, record, rewards, unheardSeconds } = options;
  const { pool } = options.tools;
  const ids = sessionIds();
  const entries = new Map<string, Entry>();
  const counted = { opened: 0, refused: 0, unheard: 0 };
  let isClosed = false;
  const running = () => [...entries.values()].filter(({ session }) => !session?.isPlayed()).length;
  const end = async (id: string, ending: Ending): Promise<void> => {
    const entry = entries.get(id);
    if (!entry) return;
    entry.isClosing = true;
    clearTimeout(entry.timer);
    const session = await entry.opening.catch(() => undefined);
    await session?.close(ending);
    entries.delete(id);
    if (entries.size === 0) pool.restAfter(unheardSeconds * 1000);
  };
  const closeOldest = (): void => {
    const over = [...entries].filter(([, { session, isClosing }]) => session?.isOver() === true && !isClosing);
    for (const [id] of over.slice(0, -MOST_ENDED_SESSIONS)) void end(id, 'deleted');
  };
  const reap = (id: string): void => {
    if (entries.get(id)?.isClosing !== false) return;
    counted.unheard++;
    void end(id, 'unheard');
  };
  return {
    newId: ids.next,
    create: async (id, place) => {
      if (entries.has(id)) throw new Refusal(400, 'Session already exists');
      if (!ids.wasIssued(id))
        throw new Refusal(404, 'This server has made no such session; begin with /create_session.');
      if (isClosed) throw new Refusal(503, 'The server is being stopped.');
      const lost = rewards.lost();
      if (lost !== undefined) throw new Refusal(503, lost);
      refuseUnknown(rewards, place);
      const isFull = fullness(running(), rewards.counts().judging, most);
      if (isFull !== undefined) {
        counted.refused++;
        throw full(isFull);
      }
      closeOldest();
      pool.restAfter(undefined);
      counted.opened++;
      const opening = open(options, id, place);
      const entry: Entry = {
        opening,
        timer: setTimeout(() => reap(id), unheardSeconds * 1000).unref(),
        session: undefined,
        isClosing: false,
      };
      entries.set(id, entry);
      try {
        entry.session = await opening;
      } catch (error) {
        await end(id, 'server');
        if (error instanceof UsageError) throw new Refusal(500, messageOf(error));
        throw error;
      }
    },
    find: async (id) => {
      const entry = entries.get(id);
      if (ids.wasIssued(id) && entry?.isClosing !== false)
        throw new Refusal(
          410,
          'The session is not open: it was deleted, its client was not heard of for too long, or it ended long ago.',
        );
      if (!entry) throw new Refusal(404, 'Active environment not found');
      entry.timer.refresh();
      return entry.opening;
    },
    remove: (id) => end(id, 'deleted'),
    counts: () => ({ open: entries.size, running: running(), ...counted, ...record.counts(), ...rewards.counts() }),
    close: async () => {
      isClosed = true;
      await Promise.all([...entries.keys()].map((id) => end(id, 'server')));
    },
  };
}

/** Ids that nobody guesses, and that tell a session that is gone from one that never was. */
function sessionIds() {
  const prefix = randomUUID();
  let count = 0;
  return {
    next: () => `${prefix}-${count++}`,
    wasIssued: (id: string) => {
      const number = id.slice(prefix.length + 1);
      return id.startsWith(`${prefix}-`) && /^(?:0|[1-9]\d*)$/.test(number) && Number(number) < count;
    },
  };
}

const open = ({ job, tools, rewards, record, told }: SessionsOptions, id: string, { task, split }: TaskPlace) =>
  openSession({
    id,
    job,
    task,
    key: { job: job.name, phase: split, task: task.id, repetition: record.nextRepetition(split, task.id) },
    tools,
    rewards,
    keep: record.keep,
    failed: (error) => told(`The episode of ${task.id} left nothing behind: ${messageOf(error)}`),
  });

/** A file of rubrics holds the tasks that are trained on, and may lack others. */
function refuseUnknown(rewards: SessionRewards, { task }: TaskPlace): void {
  try {
    rewards.check(task);
  } catch (error) {
    throw error instanceof UsageError ? new Refusal(400, messageOf(error)) : error;
  }
}

/**
 * Clients try again twice, a few seconds apart, which bridges sessions that are just being closed; then they tell these
 * words. Nothing says that the server is starting, which would make them wait for ten minutes.
 */
const full = (sentence: string): Refusal => new Refusal(503, sentence, { 'retry-after': '2' });

/** Why there is no room for a session now; undefined where there is. */
function fullness(running: number, judging: number, most: number): string | undefined {
  if (running >= most)
    return `All ${most} episodes that this server runs at a time are running. Close one, or start the server with more --sessions.`;
  if (judging >= Math.max(MOST_JUDGED_SESSIONS, most))
    return `${judging} ended episodes wait for the judge that rewards them. Try again when it has answered, or name a faster judge.`;
  return undefined;
}
