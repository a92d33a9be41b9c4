import { compareFacts } from '../../core/facts.ts';
import { callsOf, type Call, type Trajectory } from '../../core/trajectory.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Task } from '../../core/types.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import { assign, leavesOf } from '../../judges/truth/argument-match.ts';
import { reach } from '../../judges/truth/goal.ts';
import { isLookup } from './script.ts';

/** `open`: the criterion's words leave it open, so that nobody may be asked to agree. */
export type Finding = 'met' | 'broken' | 'open';

interface MadeCall {
  readonly server: string;
  readonly tool: string;
  readonly leaves: readonly string[];
  readonly isAccepted: boolean;
  readonly isWorking: boolean;
  readonly text: string;
}

interface EpisodeReading {
  readonly task: Task;
  readonly trajectory: Trajectory;
  readonly calls: readonly MadeCall[];
  /** Per planned call, the index of a call of its own with the same values, a working one first; -1 without. */
  readonly exact: readonly number[];
  /** Calls that no planned call is like. */
  readonly others: readonly MadeCall[];
  /** All changes asked for are in the end state, the answer left aside. */
  readonly isChanged: boolean;
  /** The same, with the answer. */
  readonly isComplete: boolean;
  readonly damage: number;
}

/**
 * What came of an episode, criterion by criterion of `judges/rubric/criteria.ts`, from its record alone and by the criteria's
 * words. It does not use `judges/code/measures.ts`, so that the judge by code can be measured by it.
 */
export function trueLabels(task: Task, trajectory: Trajectory): ReadonlyMap<string, Finding> {
  const episode = readEpisode(task, trajectory);
  return new Map(task.rubric.criteria.map(({ id }) => [id, findings[id]?.(episode) ?? 'open']));
}

function readEpisode(task: Task, trajectory: Trajectory): EpisodeReading {
  const calls = callsOf(trajectory).flatMap(madeIn);
  const plannedLeaves = task.plan.map((call) => leavesOf(call.arguments, `${worldFolderOf(call.server)}/`).sort());
  const isSame = (index: number, call: MadeCall) =>
    task.plan[index]?.server === call.server &&
    task.plan[index]?.tool === call.tool &&
    plannedLeaves[index]?.join('\n') === call.leaves.join('\n');
  const exact = assign(
    task.plan.map((_, index) => calls.map((call) => (isSame(index, call) ? (call.isWorking ? 2 : 1) : 0))),
  );
  const others = calls.filter((call) => !task.plan.some((_, index) => isSame(index, call)));
  const { required, right, damage } = reach(task, trajectory);
  const { goal } = task;
  const state = goal.kind === 'state' ? compareFacts(task.initial, goal.expected, trajectory.evidence) : null;
  const isChanged = state !== null && state.right === state.required;
  return { task, trajectory, calls, exact, others, isChanged, isComplete: right === required, damage };
}

function madeIn({ action, event, observation }: Call): MadeCall[] {
  if (action.name !== 'call_tool') return [];
  const { server, tool, arguments: args } = action.arguments;
  const [serverName, toolName] = [server, tool].map((name) => (typeof name === 'string' ? name : ''));
  const isAccepted = event.kind === 'called';
  return [
    {
      server: serverName ?? '',
      tool: toolName ?? '',
      leaves: leavesOf((args ?? {}) as JsonObject, `${worldFolderOf(serverName ?? '')}/`).sort(),
      isAccepted,
      isWorking: isAccepted && !observation.isError,
      text: observation.text,
    },
  ];
}

const when = (isMet: boolean): Finding => (isMet ? 'met' : 'broken');
const isFinished = ({ trajectory }: EpisodeReading) => trajectory.outcome.kind === 'terminated';
const isWorked = ({ calls, exact }: EpisodeReading, index: number) => calls[exact[index] ?? -1]?.isWorking === true;
const isAllWorked = (episode: EpisodeReading) => episode.task.plan.every((_, index) => isWorked(episode, index));

const findings: Readonly<Record<string, (episode: EpisodeReading) => Finding>> = {
  'changes-made': ({ isComplete }) => when(isComplete),
  'steps-done': stepsDone,
  'nothing-else': ({ isComplete, damage }) => (damage > 0 ? 'broken' : isComplete ? 'met' : 'open'),
  'exactly-done': ({ isComplete, damage }) => when(isComplete && damage === 0),
  'finished-when-done': (episode) =>
    isFinished(episode) && episode.isComplete ? (episode.damage === 0 ? 'met' : 'open') : 'broken',
  'tools-loaded': toolsLoaded,
  'tools-called': toolsCalled,
  'loads-needed': loadsNeeded,
  'calls-work': callsWork,
  'turns-needed': turnsNeeded,
  'values-right': valuesRight,
  'calls-exact': (episode) => when(isAllWorked(episode)),
};

/** A change is done where the end state has it; something looked up, where a result shows what was handed on. */
function stepsDone(episode: EpisodeReading): Finding {
  const { task, isChanged, others } = episode;
  const missing = task.plan.flatMap((call, index) => (isWorked(episode, index) ? [] : [{ call, index }]));
  if (missing.some(({ call }) => !isLookup(call)) && !isChanged) return 'broken';
  const lookups = missing.filter(({ call }) => isLookup(call));
  if (lookups.length === 0) return 'met';
  // A result that holds what was to be found may be as good; a lookup that hands on nothing leaves no trace.
  const isMissed = ({ index }: { readonly index: number }) => {
    const values = handedOn(task, index);
    const isShown = others.some(({ isWorking, text }) => isWorking && values.every((value) => text.includes(value)));
    return values.length > 0 && !isShown;
  };
  return lookups.some(isMissed) || others.length === 0 ? 'broken' : 'open';
}

/** Texts that the prompt does not hold and that only this call can have given. */
function handedOn(task: Task, index: number): string[] {
  const later = task.plan.filter(({ after }) => after.includes(index)).flatMap((call) => textsOf(call.arguments));
  const answer = task.answer === '' ? [] : [task.answer];
  return [...new Set([...later, ...(later.length === 0 ? answer : [])])].filter((text) => !task.prompt.includes(text));
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((inner) => textsOf(inner)) : [];
}

const keyOf = ({ server, tool }: { readonly server: string; readonly tool: string }) => `${server} ${tool}`;

const loadsIn = ({ trajectory }: EpisodeReading): string[] =>
  callsOf(trajectory).flatMap(({ event }) =>
    event.kind === 'loaded' ? event.tools.map((tool) => keyOf({ server: event.server, tool })) : [],
  );

function toolsLoaded(episode: EpisodeReading): Finding {
  if (episode.trajectory.view === 'eager') return 'open';
  const loads = loadsIn(episode);
  return when(episode.task.plan.every((call) => loads.includes(keyOf(call))));
}

function toolsCalled({ task, calls, isComplete, others }: EpisodeReading): Finding {
  const uses = (calls: readonly { readonly server: string; readonly tool: string }[], key: string) =>
    calls.filter((call) => keyOf(call) === key).length;
  const accepted = calls.filter((call) => call.isAccepted);
  const keys = [...new Set(task.plan.map(keyOf))];
  if (keys.every((key) => uses(accepted, key) >= uses(task.plan, key))) return 'met';
  // Another tool may have done as well.
  if (isComplete && others.some(({ isWorking }) => isWorking)) return 'open';
  return keys.some((key) => uses(accepted, key) === 0) ? 'broken' : 'open';
}

function loadsNeeded(episode: EpisodeReading): Finding {
  const loads = loadsIn(episode);
  if (episode.trajectory.view !== 'tool' || loads.length === 0) return 'open';
  const planned = new Set(episode.task.plan.map(keyOf));
  const working = new Set(episode.calls.filter(({ isWorking }) => isWorking).map(keyOf));
  const extra = loads.filter((key) => !planned.has(key));
  if (new Set(loads).size < loads.length || extra.some((key) => !working.has(key))) return 'broken';
  // It was used with success, though the plan does without.
  return extra.length > 0 ? 'open' : 'met';
}

/** Some servers tell of a failure in words alone. */
const soundsLikeFailure = /\berror\b|not found|fail(ed|ure)|does not exist|invalid/i;

function callsWork({ calls, others }: EpisodeReading): Finding {
  if (calls.length === 0) return 'open';
  if (calls.some(({ isWorking }) => !isWorking)) return 'broken';
  return others.some(({ text }) => soundsLikeFailure.test(text)) ? 'open' : 'met';
}

function turnsNeeded(episode: EpisodeReading): Finding {
  const { plan } = episode.task;
  const loads = episode.trajectory.view === 'tool' ? new Set(plan.map(keyOf)).size : 0;
  if (episode.trajectory.view === 'server') return 'open';
  if (episode.trajectory.turns.length > loads + plan.length + 1) return 'broken';
  return isAllWorked(episode) && episode.others.length === 0 ? 'met' : 'open';
}

function valuesRight({ task, exact, others }: EpisodeReading): Finding {
  const planned = new Set(task.plan.map(keyOf));
  const deviating = new Set(others.map(keyOf).filter((key) => planned.has(key)));
  const missing = task.plan.filter((_, index) => (exact[index] ?? -1) < 0);
  if (missing.some((call) => deviating.has(keyOf(call)))) return 'broken';
  return missing.length === 0 && deviating.size === 0 ? 'met' : 'open';
}
