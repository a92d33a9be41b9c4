import { createHash } from 'node:crypto';
import {
  EndpointContextExceeded,
  EndpointRefusal,
  EpisodeLeft,
  messageOf,
  PolicyFailure,
  TaskFailure,
  UsageError,
  WorldDamage,
  WorldFailure,
} from '../errors.ts';
import { PolicyUnusable } from '../policy-unusable.ts';
import { CeilingReached } from '../models/ceiling-reached.ts';
import { recordedNames } from '../aliases/recorded-names.ts';
import { countedParts } from './counted-parts.ts';
import { boundedRecord } from '../record/bounded-record.ts';
import { endedEpisode } from './ended-episode.ts';
import { episodeMedia, type EpisodeMedia, type KeptMedia } from './episode-media.ts';
import { turnLimit } from './limits.ts';
import type { Limits } from '../run-types.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import { makeLedger, type Ledger } from '../tokens/ledger.ts';
import type { EpisodeKey, Outcome, Trajectory, Turn } from '../trajectory.ts';
import type { Facts } from '../facts.ts';
import type {
  Decision,
  OpenView,
  Observation,
  Policy,
  PolicySession,
  RequestedCall,
  Task,
  View,
  ViewReply,
  World,
} from '../types.ts';

export interface RolloutOptions {
  readonly task: Task;
  readonly policy: Policy;
  readonly policyVersion: number;
  readonly world: World;
  readonly openView: OpenView;
  readonly toolNamesUpFront: boolean;
  readonly limits: Limits;
  /** Whose tokens are counted; absent: Qwen3's. */
  readonly counter?: TokenCounter | undefined;
  readonly key: EpisodeKey;
  /** Seed of the policy's stream in this episode. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface Rollout {
  readonly trajectory: Trajectory;
  readonly session: PolicySession;
  /** Text of the system prompt whose hash the trajectory holds. */
  readonly system: string;
  /** Images and sound that the trajectory names. */
  readonly media: readonly KeptMedia[];
}

/**
 * One episode: the policy acts through a view until it finishes or a limit cuts it. Nothing that the policy, an endpoint
 * or a server does wrong leaves this function as an exception; our own faults, an abort and a `UsageError` do.
 */
export async function rollout(options: RolloutOptions): Promise<Rollout> {
  const { world, toolNamesUpFront, seed, signal } = options;
  const view = options.openView(world, { toolNamesUpFront, seed, signal });
  try {
    return await rolloutThrough(view, options);
  } finally {
    view.close?.();
  }
}

async function rolloutThrough(view: View, options: RolloutOptions): Promise<Rollout> {
  const { task, policy, world, limits, signal } = options;
  const ledger = makeLedger({
    system: view.system,
    ...countedParts(view, policy),
    prompt: task.prompt,
    signal,
    ...limits,
    ...(options.counter ? { counter: options.counter } : {}),
  });
  const media = policy.takesMedia ? episodeMedia() : undefined;
  const session = policy.start({
    taskId: task.id,
    prompt: task.prompt,
    system: view.system,
    metaTools: view.metaTools,
    view: view.name,
    ...(view.execution ? { execution: view.execution } : {}),
    visible: view.visible,
    root: world.root,
    seed: options.seed,
    signal,
    ...(media ? { mediaOf: media.of } : {}),
  });
  const { turns, outcome: ending } = world.fault
    ? { turns: [], outcome: outsideFailed(world.fault) }
    : await play(session, view, ledger, task, signal, media);
  let outcome = ending;
  let evidence: Facts = world.start ?? task.initial;
  if (outcome.kind !== 'failed') {
    try {
      evidence = await evidenceOf(task, world, turns, outcome);
    } catch (error) {
      outcome = error instanceof WorldDamage ? { kind: 'truncated', cause: 'damage' } : outsideFailed(error);
    }
  }
  return {
    session,
    system: view.system,
    media: media?.all() ?? [],
    trajectory: boundedRecord({
      version: 2,
      key: options.key,
      policy: policy.name,
      policyVersion: options.policyVersion,
      view: view.name,
      ...(view.execution ? { execution: view.execution } : {}),
      seed: options.seed,
      system: hashOf(view.system),
      prompt: task.prompt,
      ...(world.translation ? { aliases: recordedNames(world.translation, turns) } : {}),
      turns,
      ...overflowOf(turns, ending, ledger, limits),
      outcome,
      startHash: world.startHash,
      ...(world.start ? { start: world.start } : {}),
      evidence,
    }),
  };
}

/** The size of a first prompt that was too long: no turn tells it. */
function overflowOf(
  turns: readonly Turn[],
  ending: Outcome,
  ledger: Ledger,
  { contextTokens }: Limits,
): Pick<Trajectory, 'overflow'> {
  const isOver = turns.length === 0 && ending.kind === 'truncated' && ending.cause === 'context';
  return isOver ? { overflow: { promptTokens: ledger.nextPromptTokens(), contextTokens } } : {};
}

/** Turns until the policy finishes the last message, a limit cuts them, or something fails. Throws what `rollout` throws. */
async function play(
  session: PolicySession,
  view: View,
  ledger: Ledger,
  task: Task,
  signal: AbortSignal,
  media: EpisodeMedia | undefined,
): Promise<{ readonly turns: readonly Turn[]; readonly outcome: Outcome }> {
  const turns: Turn[] = [];
  const mostTurns = turnLimit(task, view.name);
  const later = (task.messages ?? []).slice(1).map(({ text }) => text);
  let observations: readonly Observation[] = [];
  let user: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    if (turns.length >= mostTurns) return { turns, outcome: { kind: 'truncated', cause: 'turns' } };
    if (ledger.exceeds()) return { turns, outcome: { kind: 'truncated', cause: 'context' } };
    let decision: Decision;
    try {
      decision = await session.act(observations, user);
    } catch (error) {
      signal.throwIfAborted();
      return { turns, outcome: policyFailed(error) };
    }
    decision = asWritten(decision, view);
    const { replies, failure } = await carryOut(decision.calls, view, later.length > 0 ? 'message' : 'task');
    if (failure) signal.throwIfAborted();
    const finished = replies.find((reply) => reply.finished)?.finished;
    user = finished && !failure ? later.shift() : undefined;
    if (replies.length > 0) {
      const shown = replies.map((reply) => withMedia(reply, media));
      try {
        const taken = await ledger.take(decision, shown, user);
        turns.push({ ...turnOf(decision, replies, taken, view), ...(user === undefined ? {} : { user }) });
        ({ observations } = taken);
      } catch (error) {
        if (error instanceof PolicyFailure) return { turns, outcome: policyFailed(error) };
        throw error;
      }
    }
    if (failure) return { turns, outcome: outsideFailed(failure.error) };
    if (finished && user === undefined) return { turns, outcome: { kind: 'terminated', answer: finished.answer } };
  }
}

/** Policies in code say `call_tool` in every view; a model, whose reply is there as a text, has chosen its words itself. */
function asWritten(decision: Decision, { functions }: View): Decision {
  if (!functions || decision.text !== undefined) return decision;
  const [first, ...rest] = decision.calls;
  const written = (call: RequestedCall) => ({ ...call, action: functions.written(call.action) });
  return { ...decision, calls: [written(first), ...rest.map(written)] };
}

/**
 * One call after the other: none behind `finish`, none that the policy's own side refuses, and none behind one at which
 * something broke; what was answered before that stays.
 */
async function carryOut(
  calls: Decision['calls'],
  view: View,
  finishing: 'message' | 'task',
): Promise<{ readonly replies: readonly ViewReply[]; readonly failure?: { readonly error: unknown } }> {
  const replies: ViewReply[] = [];
  for (const { action, refusal } of calls) {
    const isOver = replies.some(({ finished }) => finished);
    const why = isOver ? `This call was not carried out: the ${finishing} was finished before it.` : refusal;
    try {
      const reply = why === undefined ? await view.act(action) : refused(why);
      replies.push(reply);
      if (reply.broken) return { replies, failure: reply.broken };
    } catch (error) {
      return { replies, failure: { error } };
    }
  }
  return { replies };
}

/** What the policy is shown; images and sound are named where it takes them. */
function withMedia({ observation, media = [] }: ViewReply, taken: EpisodeMedia | undefined): Observation {
  const notes = taken?.keep(media) ?? [];
  return notes.length === 0 ? observation : { ...observation, media: notes };
}

const refused = (text: string): ViewReply => ({
  observation: { text, isError: true, source: 'history', server: '', cutTokens: 0 },
  event: { kind: 'refused', server: '', tools: [] },
});

function turnOf(
  { calls, ...decision }: Decision,
  replies: readonly ViewReply[],
  { observations, row }: Awaited<ReturnType<Ledger['take']>>,
  { functions }: View,
): Turn {
  return {
    calls: replies.flatMap(({ event, inside = [] }, index) => {
      const { action: written } = calls[index] as RequestedCall;
      const action = functions?.meant(written) ?? written;
      const how = action === written ? {} : { written };
      return [...inside, { action, ...how, observation: observations[index] as Observation, event }];
    }),
    ...decision,
    tokens: row,
  };
}

/** The state, then what only a look into the world can tell, so that looking cannot change the state that counts. */
async function evidenceOf(
  { goal, prompt }: Task,
  world: World,
  turns: readonly Turn[],
  outcome: Outcome,
): Promise<Facts> {
  const state = await world.evidence();
  if (goal.kind === 'state' || goal.inspections.length === 0) return state;
  return { ...state, '': await world.inspect(goal.inspections, endedEpisode(prompt, turns, outcome)) };
}

/** Throws what the user can mend, and what no episode is to blame for. */
function policyFailed(error: unknown): Outcome {
  if (error instanceof UsageError) throw new PolicyUnusable(error.message, { cause: error });
  if (error instanceof CeilingReached) throw error;
  if (error instanceof EpisodeLeft) return { kind: 'truncated', cause: 'left' };
  if (error instanceof EndpointContextExceeded) return { kind: 'truncated', cause: 'endpoint-context' };
  if (error instanceof EndpointRefusal) return { kind: 'truncated', cause: 'refusal' };
  return { kind: 'failed', culprit: 'policy', message: messageOf(error) };
}

/** Throws whatever is neither the world's nor the task's fault. */
function outsideFailed(error: unknown): Outcome {
  if (error instanceof TaskFailure) return { kind: 'failed', culprit: 'task', message: messageOf(error) };
  if (!(error instanceof WorldFailure)) throw error;
  return { kind: 'failed', culprit: 'world', message: messageOf(error) };
}

/** SHA-256 (hex) of system prompts: a run has few. */
const hashes = new Map<string, string>();
const mostHashes = 256;

function hashOf(system: string): string {
  let hash = hashes.get(system);
  if (hash === undefined) {
    if (hashes.size >= mostHashes) hashes.clear();
    hashes.set(system, (hash = createHash('sha256').update(system).digest('hex')));
  }
  return hash;
}
