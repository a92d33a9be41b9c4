import { loadedBy } from '../../core/loaded-tools.ts';
import { callsOf, type Call as RecordedCall, type Trajectory } from '../../core/trajectory.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Task } from '../../core/types.ts';
import { loadedAtOnce } from '../../core/view-loads.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import { assign, leavesOf, shareOf } from '../truth/argument-match.ts';
import { reach } from '../truth/goal.ts';
import { outcomeOf, type Outcome } from '../truth/outcome.ts';
import { shareReached } from '../truth/state-share.ts';

/** What an episode amounts to, counted from task and trajectory alone. Every share is in 0..1. */
export interface Measures {
  readonly finished: boolean;
  /** Every change asked for is in the end state, whatever else is. */
  readonly complete: boolean;
  /** Share of the changes asked for that are in the end state. */
  readonly goal: number;
  readonly requiredChanges: number;
  readonly damage: number;
  /** The reward of that name. */
  readonly stateShare: number;
  /** What goal, start and end say without the plan; worked out where it is asked for. */
  readonly outcome: () => Outcome | null;
  /** Share of planned calls whose work was done, by that call or another one that brought the same. */
  readonly steps: number;
  /** Share of planned calls with a call of their own to the same tool that was let through. */
  readonly called: number;
  /** Mean over planned calls of the share of right argument values in the call that comes nearest. */
  readonly values: number;
  /** Share of planned calls that were made with all values right, and worked. */
  readonly exact: number;
  /**
   * Share of the planned tools whose schemas were loaded, a quarter for another tool of the right server: in a large
   * toolspace the right server is found long before the right tool. `null` where the view shows all schemas from the start.
   */
  readonly loaded: number | null;
  /** Loads needed by plan, and those that were repeats or led to no successful call. */
  readonly loadsNeeded: number;
  readonly loadsNeedless: number;
  /** Calls tried, and those that view, schema and tool all took without an error. */
  readonly callsTried: number;
  readonly callsWorked: number;
  readonly turns: number;
  /** Turns of a careful policy: one per load, one per call, and the finish of each message. */
  readonly turnsNeeded: number;
}

interface Call {
  readonly server: string;
  readonly tool: string;
  readonly leaves: readonly string[];
  readonly accepted: boolean;
  readonly succeeded: boolean;
  readonly text: string;
}

export function measure(task: Task, trajectory: Trajectory): Measures {
  const { plan } = task;
  const reached = reach(task, trajectory);
  const { required, right, damage } = reached;
  const complete = right === required;
  const calls = callsOf(trajectory).flatMap(callOf);
  const wanted = plan.map((call) => leavesOf(call.arguments, folderOf(call.server)));
  // An exact call that failed (a folder was missing) gives way to its repetition that succeeded.
  const shares = plan.map((planned, index) =>
    calls.map((call) =>
      isSame(planned, call)
        ? 0.01 + shareOf(wanted[index] ?? [], call.leaves) + (call.accepted ? 0.002 : 0) + (call.succeeded ? 0.001 : 0)
        : 0,
    ),
  );
  const nearest = assign(shares).map((column) => calls[column]);
  const valueShares = nearest.map((call, index) => (call ? shareOf(wanted[index] ?? [], call.leaves) : 0));
  const worked = nearest.map((call, index) => call?.succeeded === true && valueShares[index] === 1);
  const done = worked.map((isDone, index) => isDone || isObtained(task, index, calls));
  const goal = required === 0 ? 1 : right / required;
  // The plan is one way of several: where the goal is reached, another way was as good. Without one the goal is all there is.
  const share = (count: number) => (complete ? 1 : plan.length === 0 ? goal : count / plan.length);
  return {
    finished: trajectory.outcome.kind === 'terminated',
    complete,
    goal,
    requiredChanges: required,
    damage,
    stateShare: shareReached(reached),
    outcome: () => outcomeOf(task, trajectory),
    steps: share(done.filter(Boolean).length),
    called: share(nearest.filter((call) => call?.accepted).length),
    values: share(sum(valueShares)),
    exact: share(worked.filter(Boolean).length),
    ...loadsOf(task, trajectory, calls, complete),
    callsTried: calls.length,
    callsWorked: calls.filter((call) => call.succeeded).length,
    turns: trajectory.turns.length,
  };
}

const folderOf = (server: string) => `${worldFolderOf(server)}/`;
const isSame = (planned: PlannedCall, call: Call) => planned.server === call.server && planned.tool === call.tool;

function callOf({ action, event, observation }: RecordedCall): Call[] {
  if (action.name !== 'call_tool') return [];
  const { server, tool, arguments: args } = action.arguments;
  // A call that names no tool at all is still a call tried.
  const name = {
    server: typeof server === 'string' ? server : '',
    tool: typeof tool === 'string' ? tool : '',
  };
  const accepted = event.kind === 'called';
  const leaves = isJsonObject(args) ? leavesOf(args, folderOf(name.server)) : [];
  return [{ ...name, leaves, accepted, succeeded: accepted && !observation.isError, text: observation.text }];
}

/**
 * Whether a successful call's result shows every value that later planned calls take from this one's result, i.e. that
 * the prompt does not hold. A planned call that hands on nothing is never obtained this way.
 */
function isObtained(task: Task, index: number, calls: readonly Call[]): boolean {
  const handedOn = new Set(
    task.plan
      .filter((call) => call.after.includes(index))
      .flatMap((call) => textsOf(call.arguments))
      .filter((text) => !task.prompt.includes(text)),
  );
  if (handedOn.size === 0) return false;
  return calls.some((call) => call.succeeded && [...handedOn].every((text) => holds(call.text, text)));
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one) => textsOf(one));
}

const isWordCharacter = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Whether a text holds a value as a whole word, so that 152 is not found in 1520. */
function holds(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + value.length])) return true;
  return false;
}

const rightServer = 0.25;
const serverOf = (key: string) => key.split(' ')[0];
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function loadsOf(task: Task, trajectory: Trajectory, calls: readonly Call[], complete: boolean) {
  const atOnce = loadedAtOnce(trajectory.view);
  const key = (server: string, tool: string) => (atOnce === 'server' ? server : `${server} ${tool}`);
  const planned = new Set(task.plan.map((call) => key(call.server, call.tool)));
  const used = new Set(calls.filter((call) => call.succeeded).map((call) => key(call.server, call.tool)));
  const loaded = new Set<string>();
  let repeats = 0;
  for (const { event } of callsOf(trajectory)) {
    if (event.kind !== 'loaded') continue;
    const shown = new Set(loadedBy(event).flatMap(({ server, tools }) => tools.map((tool) => key(server, tool))));
    if ([...shown].every((one) => loaded.has(one))) repeats++;
    for (const one of shown) loaded.add(one);
  }
  const needed = atOnce === 'nothing' ? 0 : planned.size;
  const servers = new Set([...loaded].map(serverOf));
  const found = [...planned].map((one) => (loaded.has(one) ? 1 : servers.has(serverOf(one)) ? rightServer : 0));
  return {
    loaded: atOnce === 'nothing' || planned.size === 0 ? null : complete ? 1 : sum(found) / planned.size,
    loadsNeeded: needed,
    loadsNeedless: repeats + [...loaded].filter((one) => !planned.has(one) && !used.has(one)).length,
    turnsNeeded: needed + task.plan.length + (task.messages?.length ?? 1),
  };
}
