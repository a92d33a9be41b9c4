import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../../core/errors.ts';
import type { Chat, Sampling } from '../../../core/models/model-client.ts';
import { CeilingReached } from '../../../core/models/ceiling-reached.ts';
import { seedOf } from '../../../core/seeds.ts';
import type { Tool } from '../../../core/types.ts';
import { serverDefinition } from '../../../envs/server-list.ts';
import { type CheckOptions, checkTasks } from '../check.ts';
import type { OwnTask, TaskFile } from '../format.ts';
import { draftId } from './example.ts';
import { draftMessages } from './question.ts';
import { draftsIn } from './reply.ts';

/** A model that drafts tasks. */
export interface Drafter {
  readonly chat: Chat;
  readonly sampling: Omit<Sampling, 'seed' | 'repeatPenalty'>;
  /** Tasks that it is asked for, of each server. */
  readonly count: number;
}

/** What came of asking for tasks of one server. */
export interface DraftedTasks {
  /** Tasks whose plan passed, and that nobody passes who does nothing. */
  readonly kept: readonly OwnTask[];
  /** What was dropped, a sentence each. */
  readonly dropped: readonly string[];
  /** What is to be known of those kept, a sentence each. */
  readonly remarks: readonly string[];
  /** Why no other server is to be asked for: a ceiling, or an endpoint that is down. */
  readonly stopped?: string;
}

/** Room for a few tasks, where the model's name does not ask for more. */
const LEAST_OUTPUT = 4_096;

/**
 * Asks a model for tasks of a server and plays each on it, in fresh worlds: the plan, twice, and a policy that does nothing.
 * `taken` are ids that the file has already.
 */
export async function draftTasks(
  server: string,
  tools: readonly Tool[],
  drafter: Drafter,
  options: Pick<CheckOptions, 'openView' | 'carryOut' | 'doNothing'>,
  taken: readonly string[],
): Promise<DraftedTasks> {
  const reply = await replyFor(server, tools, drafter);
  if ('why' in reply) {
    const dropped = [`Server ${server} has no draft: ${reply.why}.`];
    return { kept: [], dropped, remarks: [], ...(reply.isLast ? { stopped: reply.why } : {}) };
  }
  const drafts = draftsIn(reply, server);
  if (typeof drafts === 'string')
    return { kept: [], dropped: [`Server ${server} has no draft: ${drafts}.`], remarks: [] };
  const kept: OwnTask[] = [];
  const dropped: string[] = [];
  const remarks: string[] = [];
  for (const draft of drafts.slice(0, drafter.count)) {
    const ids = [...taken, ...kept.map(({ id }) => id)];
    const played =
      'fault' in draft ? [draft.fault] : await play({ ...draft.task, id: freeId(server, draft.id, ids) }, options);
    if (Array.isArray(played)) dropped.push(`${server}: the draft "${draft.id}" was dropped: ${played.join(' ')}`);
    else {
      kept.push(played.task);
      remarks.push(...played.remarks.map((remark) => `${played.task.id}: ${remark}`));
    }
  }
  const more = drafts.length - drafter.count;
  if (more > 0)
    dropped.push(
      `${server}: ${more} more than the ${drafter.count} that were asked for ${more === 1 ? 'was' : 'were'} dropped unseen.`,
    );
  return { kept, dropped, remarks };
}

async function replyFor(server: string, tools: readonly Tool[], { chat, sampling, count }: Drafter) {
  const outputTokens = Math.max(sampling.outputTokens, LEAST_OUTPUT);
  const { facts, compile } = serverDefinition(server);
  const messages = draftMessages({
    server,
    tools,
    count,
    keepsFiles: facts !== null && compile === undefined,
    toolTokens: Math.max(500, sampling.contextTokens - outputTokens - 2_000),
  });
  const seed = seedOf('drafted tasks', server) >>> 1;
  try {
    const { text, finishReason } = await chat(
      messages,
      [],
      { ...sampling, outputTokens, repeatPenalty: 1, seed },
      new AbortController().signal,
    );
    return { text, finishReason };
  } catch (error) {
    // A sentence for the user says its cause already.
    const why = (error instanceof UsageError ? error.message : messageOf(error)).replace(/\.$/, '');
    if (error instanceof CeilingReached) return { why: `a ceiling was reached, ${why}`, isLast: true };
    return { why: `the model gave no reply. ${why}`, isLast: error instanceof UsageError };
  }
}

/** The server's name in front, so that drafts of several servers do not meet. */
function freeId(server: string, id: string, taken: readonly string[]): string {
  const wanted = id.startsWith(`${server}-`) ? draftId(id) : draftId(server, id);
  for (let number = 1; ; number++) {
    const free = number === 1 ? wanted : `${wanted.slice(0, 95)}-${number}`;
    if (!taken.includes(free)) return free;
  }
}

/** A draft as a task with what is to be known of it, or why it is none. It stands in a task file of its own while it is looked at. */
async function play(
  draft: object,
  options: Pick<CheckOptions, 'openView' | 'carryOut' | 'doNothing'>,
): Promise<{ readonly task: OwnTask; readonly remarks: readonly string[] } | string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-draft-'));
  const path = join(folder, 'draft.json');
  const file = { tasks: [draft] } as unknown as TaskFile;
  try {
    writeFileSync(path, JSON.stringify(file));
    const [checked] = await checkTasks(path, options);
    if (!checked) return ['it is no task.'];
    const { faults, remarks, isPlayed, gaps = [] } = checked;
    const found = [...faults, ...gaps].map((text) => text.replace(/^line \d+: /, ''));
    if (found.length > 0) return found;
    if (!isPlayed) return ['It has no plan, so that nobody knows whether it can be done.'];
    return { task: file.tasks[0] as OwnTask, remarks };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.split('\n').map((line) => line.replace(`${path}:1: tasks[0].`, '').replace(`${path}:1: `, ''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
