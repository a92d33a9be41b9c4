import { compareFacts, describeFact, flatten } from '../../core/facts.ts';
import type { Check } from '../../core/goal-types.ts';
import { answersOf } from '../../core/answers.ts';
import { type Call, callsOf, type Trajectory, type TruncationCause } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { checkPasses } from './checks.ts';
import { describeTest, passes } from './text-test.ts';

// Apart from the verifier: what is said of a verdict is no part of it, nor of the code judge's build.

/**
 * Why an episode did not do its task, in one line: the first check that failed and what was found instead, or the first thing
 * that is missing from the end state; from the record alone. `null` where nothing failed.
 */
export function firstReason(task: Task, trajectory: Trajectory): string | null {
  const { outcome, overflow } = trajectory;
  if (outcome.kind === 'failed') return oneLine(`void, ${outcome.culprit}: ${outcome.message}`);
  if (overflow)
    return `its first prompt has ${overflow.promptTokens} tokens, more than the ${overflow.contextTokens} of the context`;
  const cut = outcome.kind === 'truncated' ? outcome.cause : null;
  if (cut === 'damage') return cutTexts.damage;
  const what = task.goal.kind === 'state' ? stateReason(task, trajectory) : checkReason(task, trajectory);
  if (what === null) return null;
  // Each part is cut by itself, so that a long check leaves room for what was refused.
  const refused = cut === 'turns' ? lastRefusal(trajectory) : '';
  const reason = cut === null ? oneLine(what) : `${oneLine(what)} (${cutTexts[cut]}${oneLine(refused)})`;
  return `${reason}${failedCall(reason, trajectory)}`;
}

/** A policy that goes in circles at the turn limit was often told why: an action of its last turn does not exist, say. */
function lastRefusal({ turns }: Trajectory): string {
  const last = turns.at(-1)?.calls.at(-1);
  return last?.event.kind === 'refused' ? `, last refused with ${quoted(last.observation.text)}` : '';
}

/** The first call that failed and was never made good: often the cause of what a check then finds. */
function failedCall(what: string, trajectory: Trajectory): string {
  const calls = callsOf(trajectory);
  const first = calls.find(
    (call, index) =>
      isFailed(call) && !calls.slice(index + 1).some((later) => !isFailed(later) && toolOf(later) === toolOf(call)),
  );
  if (!first) return '';
  const said = quoted(first.observation.text);
  const how = first.event.kind === 'refused' ? 'refused' : 'answered with an error';
  return what.includes(said) ? '' : `. First failed call: ${toolOf(first)}, ${how}: ${oneLine(said)}`;
}

const isFailed = ({ event, observation }: Call): boolean => event.kind === 'refused' || observation.isError;

/** The tool that a call is for, or the meta-tool. */
const toolOf = ({ action: { name, arguments: args } }: Call): string =>
  name === 'call_tool' ? [args['server'], args['tool']].filter((one) => typeof one === 'string').join('.') : name;

const cutTexts: Readonly<Record<TruncationCause, string>> = {
  turns: 'cut off: turn limit',
  context: 'cut off: context full',
  'endpoint-context': "cut off: the endpoint's context full",
  refusal: 'cut off: the endpoint refused',
  left: 'left without finish',
  damage: 'its calls left a world that cannot be read',
};

const longest = 240;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}

const shortened = (text: string): string => (text.length <= 100 ? text : `${text.slice(0, 100)}…`);

function quoted(text: string): string {
  const bare = text.trim();
  if (bare === '') return 'nothing';
  const written = JSON.stringify(shortened(bare));
  // Quotes within are easier to read than their escapes.
  return bare.includes('"') ? `“${written.slice(1, -1).replaceAll('\\"', '"')}”` : written;
}

function stateReason({ initial, goal }: Task, { evidence, outcome }: Trajectory): string | null {
  if (goal.kind !== 'state') return null;
  const { additions, removals, strayAdded, strayRemoved } = compareFacts(initial, goal.expected, evidence);
  const now = flatten(evidence);
  const missing = additions.find((one) => !now.has(one));
  const kept = removals.find((one) => now.has(one));
  if (missing !== undefined) return `not there: ${describeFact(missing)}`;
  if (kept !== undefined) return `still there: ${describeFact(kept)}`;
  if (strayAdded[0] !== undefined) return `nobody asked for: ${describeFact(strayAdded[0])}`;
  if (strayRemoved[0] !== undefined) return `nobody asked to remove: ${describeFact(strayRemoved[0])}`;
  const isAnswered =
    goal.answer === null || (outcome.kind === 'terminated' && passes(goal.answer, outcome.answer, 'exact'));
  return isAnswered || goal.answer === null
    ? null
    : `the final answer is ${describeTest(goal.answer)}: ${answerFound({ outcome })}`;
}

function checkReason(task: Task, trajectory: Trajectory): string | null {
  const [first] = failedChecks(task, trajectory);
  return first ? `checks[${first.index}] failed. Expected: ${first.expected}. Found: ${first.found}` : null;
}

/** A check that failed: its number from 0, what it asks for, and what there was instead, in words. */
export interface FailedCheck {
  readonly index: number;
  readonly expected: string;
  readonly found: string;
}

/** Every check of an own task that its episode fails, in their order; from the record alone. Throws `TaskFailure`. */
export const failedChecks = (task: Task, trajectory: Trajectory): FailedCheck[] =>
  task.goal.kind === 'state'
    ? []
    : task.goal.checks.flatMap((check, index) =>
        checkPasses(check, task, trajectory)
          ? []
          : [{ index, expected: check.name, found: found(check, task, trajectory) }],
      );

const answerFound = ({ outcome }: Pick<Trajectory, 'outcome'>): string =>
  outcome.kind === 'terminated' ? `it was ${quoted(outcome.answer)}` : 'there was none';

function found(check: Check, task: Task, trajectory: Trajectory): string {
  switch (check.kind) {
    case 'answer': {
      if (check.message === undefined) return answerFound(trajectory);
      const answer = answersOf(trajectory)[check.message];
      return answer === undefined ? 'there was none' : `it was ${quoted(answer)}`;
    }
    case 'file': {
      const file = partsOf(trajectory.evidence[check.server]).find(
        ([kind, path]) => kind === 'file' && path === check.path,
      );
      if (!file) return 'there is no such file';
      return check.test === 'absent' ? 'it is there' : `it says ${quoted(file[2] ?? '')}`;
    }
    case 'unchanged':
      return changeFound(check, task, trajectory);
    case 'judged':
      return 'it is for a judge';
    case 'call':
      return check.made ? callFound(check, trajectory) : 'it was called';
    case 'result':
    case 'script': {
      const seen = partsOf(trajectory.evidence['']).find(([, index]) => index === `${check.inspection}`) ?? [];
      const [, , state = '', text = ''] = seen;
      if (check.kind === 'script') return `it said no${text.trim() === '' ? '' : `: ${quoted(text)}`}`;
      return `${state === 'error' ? 'it was answered with an error, ' : 'it gave '}${quoted(text)}`;
    }
  }
}

const partsOf = (facts: readonly string[] = []) => facts.map((one) => JSON.parse(one) as readonly string[]);

function changeFound(
  { server, except }: Extract<Check, { readonly kind: 'unchanged' }>,
  { initial }: Task,
  { start = initial, evidence }: Trajectory,
): string {
  const isExcepted = (one: string) => {
    const path = partsOf([one])[0]?.[1] ?? '';
    return except.some((kept) => path === kept || path.startsWith(`${kept}/`));
  };
  const [before, after] = [start, evidence].map(
    (facts) => new Set((facts[server] ?? []).filter((one) => !isExcepted(one))),
  );
  const [added] = [...(after ?? [])].filter((one) => !before?.has(one));
  const [gone] = [...(before ?? [])].filter((one) => !after?.has(one));
  if (added !== undefined) return `it now has ${shortened(describeFact(`${server} ${added}`))}`;
  return gone === undefined ? 'it does not' : `it no longer has ${shortened(describeFact(`${server} ${gone}`))}`;
}

function callFound({ server, tool }: Extract<Check, { readonly kind: 'call' }>, trajectory: Trajectory): string {
  const tries = callsOf(trajectory).filter(
    ({ action }) => action.arguments['server'] === server && action.arguments['tool'] === tool,
  );
  if (tries.length === 0) return 'it never was';
  const last = tries.at(-1);
  if (tries.every(({ event, observation }) => event.kind !== 'called' || observation.isError))
    return `it failed ${tries.length === 1 ? 'once' : `${tries.length} times`}, last with ${quoted(last?.observation.text ?? '')}`;
  return `it was, but with ${quoted(JSON.stringify(last?.action.arguments['arguments'] ?? {}))}`;
}
