import { jsonpath } from 'json-p3';
import { TaskFailure } from '../../core/errors.ts';
import { answersOf } from '../../core/answers.ts';
import { callsOf, type Call, type Trajectory } from '../../core/trajectory.ts';
import type { Check } from '../../core/goal-types.ts';
import type { Facts } from '../../core/facts.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Task } from '../../core/types.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import { leavesOf } from './argument-match.ts';
import { inTime } from './bounded-work.ts';
import { passes } from './text-test.ts';

type Of<Kind extends Check['kind']> = Extract<Check, { readonly kind: Kind }>;

/** A check that says what must not happen: failing it is damage, not something missing. */
export const isGuard = (check: Check, task: Task, trajectory: Trajectory): boolean =>
  check.kind === 'unchanged' ||
  (check.kind === 'call' && !check.made) ||
  (check.kind === 'file' && check.test === 'absent' && fileIn(startOf(task, trajectory), check) === undefined);

/** Facts from which the episode started. */
const startOf = (task: Task, { start }: Trajectory): Facts => start ?? task.initial;

/**
 * Whether a recorded episode passes a check. Pure.
 * @throws TaskFailure where it cannot be decided.
 */
export function checkPasses(check: Check, task: Task, trajectory: Trajectory): boolean {
  switch (check.kind) {
    case 'file':
      return filePasses(check, trajectory);
    case 'unchanged':
      return isUnchanged(check, task, trajectory);
    case 'answer':
      return answerPasses(check, trajectory);
    case 'call':
      return callsOf(trajectory).some((call) => isCall(check, call)) === check.made;
    case 'result':
      return resultPasses(check, trajectory);
    case 'script':
      return scriptPasses(check, trajectory);
    case 'judged':
      return true; // nothing that code sees speaks against it
  }
}

function answerPasses({ test, message }: Of<'answer'>, trajectory: Trajectory): boolean {
  const { outcome } = trajectory;
  if (message !== undefined) {
    const answer = answersOf(trajectory)[message];
    return answer !== undefined && passes(test, answer);
  }
  return outcome.kind === 'terminated' && passes(test, outcome.answer);
}

const partsOf = (facts: readonly string[] = []) => facts.map((one) => JSON.parse(one) as readonly string[]);

const fileIn = (facts: Facts, { server, path }: Of<'file'>) =>
  partsOf(facts[server]).find(([kind, where]) => kind === 'file' && where === path);

function filePasses(check: Of<'file'>, trajectory: Trajectory): boolean {
  const { test } = check;
  const file = fileIn(trajectory.evidence, check);
  return test === 'absent' ? file === undefined : file !== undefined && passes(test, file[2] ?? '', 'exact');
}

function isUnchanged({ server, except }: Of<'unchanged'>, task: Task, trajectory: Trajectory): boolean {
  const isExcepted = (one: string) => {
    const [kind, path = ''] = JSON.parse(one) as readonly string[];
    return (
      (kind === 'file' || kind === 'folder') && except.some((kept) => path === kept || kept.startsWith(`${path}/`))
    );
  };
  const rest = (facts: readonly string[] = []) =>
    facts
      .filter((one) => !isExcepted(one))
      .sort()
      .join('\n');
  return rest(startOf(task, trajectory)[server]) === rest(trajectory.evidence[server]);
}

function isCall(check: Of<'call'>, { action, event, observation }: Call): boolean {
  const { server, tool, arguments: args } = action.arguments;
  if (event.kind !== 'called' || observation.isError || server !== check.server || tool !== check.tool) return false;
  const folder = `${worldFolderOf(check.server)}/`;
  const given = leavesOf((args ?? {}) as JsonObject, folder);
  return leavesOf(check.arguments, folder).every((leaf) => given.includes(leaf));
}

/** State and text of an inspection, and the JSON beside the text where there was some. */
function inspected(
  index: number,
  trajectory: Trajectory,
): readonly [state: string, text: string, structured: string | undefined] {
  const found = partsOf(trajectory.evidence['']).find((one) => one[0] === 'inspected' && one[1] === `${index}`);
  if (!found) throw new TaskFailure(`the record holds no inspection ${index}`);
  return [found[2] ?? '', found[3] ?? '', found[4]];
}

function resultPasses({ inspection, path, test, name }: Of<'result'>, trajectory: Trajectory): boolean {
  const [state, text, structured] = inspected(inspection, trajectory);
  // A file that the policy should have made, say: the tool's own failure is an answer.
  if (state !== 'ok') return false;
  if (path === null) return passes(test, text, 'exact');
  let values: readonly Json[];
  try {
    values = inTime(() => jsonpath.query(path, JSON.parse(structured ?? text)).values() as Json[]);
  } catch (error) {
    throw new TaskFailure(`check ${name}: ${path} cannot be looked up in the tool's result`, { cause: error });
  }
  return values.some((value) => passes(test, typeof value === 'string' ? value : JSON.stringify(value), 'exact'));
}

function scriptPasses({ inspection, name }: Of<'script'>, trajectory: Trajectory): boolean {
  const [state, text] = inspected(inspection, trajectory);
  if (state === '0' || state === '1') return state === '0';
  throw new TaskFailure(
    `check ${name}: the script ended with ${state}, neither 0 (yes) nor 1 (no): ${text.slice(0, 400)}`,
  );
}
