import { episode, type EpisodeTools } from '../../core/run/episode.ts';
import { EpisodeLeft, messageOf, PolicyFailure, UsageError } from '../../core/errors.ts';
import type { Job } from '../../core/run-types.ts';
import type { EpisodeKey, ScoredTrajectory } from '../../core/trajectory.ts';
import type { JsonObject } from '../../core/json.ts';
import type { EpisodeStart, Task } from '../../core/types.ts';
import { score } from '../../judges/reward/rewards.ts';
import { boundTools } from './bound-tools.ts';
import { leaveTool } from './catalogue.ts';
import { Refusal } from './http.ts';
import { broken, type CallOutput, ended, observed, tooLate } from './output.ts';
import { type RemotePolicy, remotePolicy } from './remote-policy.ts';
import type { SessionRewards } from './session-rewards.ts';

export interface SessionOptions {
  readonly id: string;
  readonly job: Job;
  readonly task: Task;
  readonly key: EpisodeKey;
  readonly tools: Omit<EpisodeTools, 'signal'>;
  readonly rewards: SessionRewards;
  /** Takes the record of the finished episode. */
  readonly keep: (scored: ScoredTrajectory, system: string) => void;
  /** Hears of an episode that left nothing behind. */
  readonly failed: (error: unknown) => void;
}

/** A call that was taken; its answer is kept for clients that lose the connection. */
export interface Call {
  readonly taskId: string;
  /** JSON text. */
  readonly answer: Promise<string>;
  /** To be called when the connection broke before the answer was out, and when the client has come back for it. */
  readonly setCut: (isCut: boolean) => void;
}

/** Why a session ends before its episode: by the client, for want of any sign of it, or with the server. */
export type Ending = 'deleted' | 'unheard' | 'server';

/** One episode on the wire. */
export interface Session {
  readonly start: EpisodeStart;
  /** The client read the prompt: an episode has begun, which is recorded. A session without is a mere look at the tools. */
  readonly begin: () => void;
  /** Runs a call, or finds the one of `taskId` again. Throws `Refusal`. */
  readonly call: (name: string, input: JsonObject, taskId: string | undefined) => Call;
  /** The world is free again; the judge may still be at work. */
  readonly isPlayed: () => boolean;
  /** All is done, recording included. */
  readonly isOver: () => boolean;
  /** Resolves when all is done. */
  readonly close: (ending: Ending) => Promise<void>;
}

interface TakenCall extends Call {
  readonly body: string;
  isCut: boolean;
}

/** Answers kept of a session, far more than an episode has turns; older ones cannot be asked for again. */
export const MOST_KEPT_CALLS = 256;
/** Calls that wait for their turn, which clients make one after another. */
const MOST_WAITING_CALLS = 64;

/** Starts an episode and waits until its world is ready. Throws `UsageError` where no world can be made. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { id, task, rewards } = options;
  const remote = remotePolicy();
  const abort = new AbortController();
  const state = { isBegun: false, isPlayed: false, isOver: false, isLeft: false };
  const run = runEpisode(options, remote, abort.signal, state);
  const end = run.finally(() => (state.isOver = true)).finally(remote.end);
  end.catch((error: unknown) => abort.signal.aborted || options.failed(error)); // and those who wait for it are told
  const start = await Promise.race([remote.started, end.then(() => remote.started)]);

  const take = answering({ start, end, abort, state, remote, task, rewards });
  const calls: TakenCall[] = [];
  let callCount = 0;
  let waiting = 0;
  return {
    start,
    begin: () => (state.isBegun = true),
    call: (name, input, taskId) => {
      state.isBegun = true;
      const body = JSON.stringify([name, input]);
      const earlier = taskId === undefined ? cutCall(calls, body) : calls.find((call) => call.taskId === taskId);
      if (earlier) return earlier;
      if (taskId !== undefined) throw new Refusal(400, `The session has had no call ${taskId}; nothing was called.`);
      if (waiting >= MOST_WAITING_CALLS)
        throw new Refusal(
          429,
          `${waiting} calls of this session wait already. Wait for their answers, and call again.`,
        );
      waiting++;
      const answer = take(name, input).then((output) => JSON.stringify(output));
      answer.catch(() => undefined).finally(() => waiting--); // a fault is told by the stream, if there is one still
      const call: TakenCall = {
        taskId: `${id}.${callCount++}`,
        body,
        answer,
        isCut: false,
        setCut: (is) => (call.isCut = is),
      };
      calls.push(call);
      if (calls.length > MOST_KEPT_CALLS) calls.shift();
      return call;
    },
    isPlayed: () => state.isPlayed,
    isOver: () => state.isOver,
    close: async (ending) => {
      if (ending === 'server' || !state.isBegun) abort.abort(new Error('the session was closed'));
      else if (ending === 'deleted') remote.stop(new EpisodeLeft('the client deleted the session'));
      else remote.stop(new PolicyFailure('The client of the session was not heard of any more.'));
      await end.catch(() => undefined);
    },
  };
}

interface Running {
  readonly start: EpisodeStart;
  /** The episode's end; rejects where nothing was left behind. */
  readonly end: Promise<ScoredTrajectory>;
  readonly abort: AbortController;
  readonly state: { readonly isPlayed: boolean; readonly isOver: boolean; isLeft: boolean };
  readonly remote: RemotePolicy;
  readonly task: Task;
  readonly rewards: SessionRewards;
}

/** What each call of a running episode is answered with. */
function answering({ start, end, abort, state, remote, task, rewards }: Running) {
  const endedWith = (text: string, scored: ScoredTrajectory): CallOutput =>
    ended(text, scored, { reward: rewards.reward, components: rewards.components(task, scored) });
  const scoredEnd = (): Promise<ScoredTrajectory | CallOutput> => end.catch((error: unknown) => lost(error, abort));
  const answerTo = async (turn: number): Promise<CallOutput> => {
    const observation = await remote.observed(turn);
    if (observation) return observed(observation, turn);
    const scored = await scoredEnd();
    if (!isScored(scored)) return scored;
    const { turns, outcome } = scored;
    if (turn === turns.length - 1) return endedWith(turns[turn]?.calls.at(-1)?.observation.text ?? '', scored);
    if (turn === turns.length && outcome.kind === 'failed')
      return endedWith(`The episode is void: ${outcome.message}`, scored);
    return tooLate(scored);
  };
  const leave = async (): Promise<CallOutput> => {
    if (state.isPlayed || state.isLeft) return tooLate(undefined);
    state.isLeft = true;
    remote.stop(new EpisodeLeft('the policy left the episode unfinished'));
    const scored = await scoredEnd();
    return isScored(scored) ? endedWith('The episode was left unfinished.', scored) : scored;
  };
  return async (name: string, input: JsonObject): Promise<CallOutput> => {
    if (name === leaveTool) return leave();
    if (state.isLeft) return tooLate(undefined);
    if (state.isOver) return scoredEnd().then((scored) => (isScored(scored) ? tooLate(scored) : scored));
    return answerTo(remote.submit(boundTools(start.metaTools).meant({ name, arguments: input })));
  };
}

async function runEpisode(
  { job, task, key, tools, rewards, keep }: SessionOptions,
  remote: RemotePolicy,
  signal: AbortSignal,
  state: { readonly isBegun: boolean; isPlayed: boolean },
): Promise<ScoredTrajectory> {
  const played = episode(job, task, key, remote.policy, 0, { ...tools, signal });
  const { trajectory, system } = await played.finally(() => (state.isPlayed = true));
  const scored = await rewards.judged(task, score(task, trajectory), signal);
  if (state.isBegun) keep(scored, system);
  return scored;
}

/**
 * The last call, if its answer never went out whole and the very same call comes again: a client that lost the connection
 * before it got the call's id cannot ask for it by that, and the call must not run twice.
 */
function cutCall(calls: readonly TakenCall[], body: string): TakenCall | undefined {
  const last = calls.at(-1);
  return last?.isCut === true && last.body === body ? last : undefined;
}

/** What is said of an episode that left nothing behind. Throws what is a fault of our own. */
function lost(error: unknown, abort: AbortController): CallOutput {
  if (abort.signal.aborted) return tooLate(undefined);
  if (error instanceof UsageError) return broken(messageOf(error));
  throw error;
}

const isScored = (end: ScoredTrajectory | CallOutput): end is ScoredTrajectory => 'turns' in end;
