import { cutToTokens, countTokens } from '../../core/tokens/qwen3.ts';
import { answersOf } from '../../core/answers.ts';
import type { Call, Trajectory } from '../../core/trajectory.ts';
import { nameOrQuoted, neutral } from './neutral.ts';

/**
 * What a judge reads of a trajectory: the prompt, what was done in each turn and what came back, what the user said next, the answer. The calls
 * of a program stand before it. Never what
 * only the world's owner knows (end state, goal, plan), nor what the policy said beside its calls.
 *
 * Policy of lengths, in tokens of Qwen3 before quoting: the request and the answer get up to a fifth of `limit` each. The
 * turns share what is left evenly; what a short one does not need goes to the longer ones. Within a turn the call comes
 * before its result. A cut text ends in `[n tokens left out]`. Where turns would get fewer than 24 tokens each, those in
 * the middle are left out and counted.
 */
export function evidence(trajectory: Trajectory, limit: number): string {
  const { outcome } = trajectory;
  const request = fitted(neutral(trajectory.prompt), Math.floor(limit / 5));
  const answer = outcome.kind === 'terminated' ? fitted(neutral(outcome.answer), Math.floor(limit / 5)) : null;
  const last = `NOT FINISHED: ${ending[outcome.kind === 'truncated' ? outcome.cause : 'broken']}`;
  const left = limit - countTokens(request) - countTokens(answer ?? last);
  const answers = answersOf(trajectory);
  let message = 0;
  const turns = trajectory.turns.flatMap(({ calls, user }) => {
    const made = calls.filter(({ event }) => event.kind !== 'finished').map(partsOf);
    return user === undefined ? made : [...made, saidParts(answers[message++] ?? '', user)];
  });
  return [
    `REQUEST: ${JSON.stringify(request)}`,
    ...turnLines(turns, left),
    answer === null ? last : `FINISHED WITH THE ANSWER: ${JSON.stringify(answer)}`,
  ].join('\n');
}

const ending = {
  turns: 'the assistant was stopped, out of turns',
  context: 'the assistant was stopped, out of context',
  'endpoint-context': 'the assistant was stopped, out of context',
  refusal: 'the assistant was stopped by a filter',
  left: 'the assistant stopped by itself without saying so',
  damage: 'the assistant left a state that cannot be read',
  broken: 'the record breaks off',
} as const;

/** A turn's line: fixed words, the call's text and the result's. */
interface Parts {
  readonly what: string;
  readonly call: string;
  readonly outcome: string;
  readonly result: string;
}

const saidParts = (answer: string, user: string): Parts => ({
  what: 'ANSWERED',
  call: JSON.stringify(neutral(answer)),
  outcome: 'NEXT REQUEST',
  result: neutral(user),
});

function partsOf({ action, event, observation }: Call): Parts {
  const result = { outcome: observation.isError ? 'ERROR' : 'RESULT', result: neutral(observation.text) };
  const { server, tool } = action.arguments;
  if (event.kind === 'called' && typeof server === 'string' && typeof tool === 'string') {
    const call = neutral(JSON.stringify(action.arguments['arguments'] ?? {}));
    return { what: `CALL ${nameOrQuoted(server)}.${nameOrQuoted(tool)}`, call, ...result };
  }
  const what = event.kind === 'refused' ? 'REFUSED' : event.kind === 'ran' ? 'PROGRAM' : 'LOOK-UP';
  const call = neutral(JSON.stringify(action.arguments));
  // schemas are long, and what was looked up says enough
  return {
    what: `${what} ${nameOrQuoted(action.name)}`,
    call,
    ...result,
    ...(what === 'LOOK-UP' ? { result: '' } : {}),
  };
}

const leastTurnTokens = 24;
/** For the fixed words of a line. */
const frameTokens = 10;

function turnLines(turns: readonly Parts[], room: number): string[] {
  const most = Math.max(1, Math.floor(room / leastTurnTokens));
  const head = turns.length <= most ? turns.length : Math.ceil(most / 2);
  const tail = turns.length <= most ? 0 : most - head;
  const kept = [...turns.slice(0, head), ...turns.slice(turns.length - tail)];
  const needs = kept.map(({ call, result }) => frameTokens + countTokens(call) + countTokens(result));
  const shares = evenShares(needs, room);
  const lines = kept.map((parts, index) => {
    const number = index < head ? index + 1 : turns.length - kept.length + index + 1;
    return `${number}. ${lineOf(parts, (shares[index] ?? 0) - frameTokens)}`;
  });
  const leftOut = turns.length - kept.length;
  return leftOut === 0 ? lines : [...lines.slice(0, head), `[${leftOut} turns left out]`, ...lines.slice(head)];
}

/** The call may take two thirds of the line's room, more where the result is short. */
function lineOf({ what, call, outcome, result }: Parts, room: number): string {
  const callRoom = Math.max(Math.floor((2 * room) / 3), room - countTokens(result));
  const shownCall = fitted(call, callRoom);
  const shownResult = fitted(result, room - countTokens(shownCall));
  return `${what} ${shownCall === call ? call : JSON.stringify(shownCall)} ${outcome} ${result === '' ? '(not shown)' : JSON.stringify(shownResult)}`;
}

/** Shares of `room`, none larger than needed, the rest equal. */
function evenShares(needs: readonly number[], room: number): number[] {
  const shares = needs.map(() => 0);
  let left = Math.max(0, room);
  const order = needs.map((_, index) => index).toSorted((a, b) => (needs[a] ?? 0) - (needs[b] ?? 0));
  for (const [done, index] of order.entries()) {
    const share = Math.min(needs[index] ?? 0, Math.floor(left / (order.length - done)));
    shares[index] = share;
    left -= share;
  }
  return shares;
}

/** The beginning that fits, with a mark where something is missing. */
function fitted(text: string, limit: number): string {
  if (countTokens(text) <= limit) return text;
  const { text: start, cutTokens } = cutToTokens(text, Math.max(0, limit - markTokens));
  return `${start} [${cutTokens} tokens left out]`;
}

const markTokens = 8;

export const criterionText = (description: string, limit: number): string =>
  JSON.stringify(fitted(neutral(description), limit));
