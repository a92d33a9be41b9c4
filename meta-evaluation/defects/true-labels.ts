import type { Trajectory } from '../../core/trajectory.ts';
import type { Json } from '../../core/json.ts';
import type { Task } from '../../core/types.ts';
import { loadedAtOnce } from '../../core/view-loads.ts';
import { callText, effectOf, evidenceOf, type Evidence, type EvidencedCall } from '../statements/evidence.ts';

/** `open`: the criterion's words leave it open, so that nobody may be asked to agree. */
export type Finding = 'met' | 'broken' | 'open';

interface EpisodeReading {
  readonly task: Task;
  readonly trajectory: Trajectory;
  readonly seen: Evidence;
  readonly calls: readonly EvidencedCall[];
  /** Per planned call, a call of its own with the same values, a working one first. */
  readonly exact: readonly (EvidencedCall | undefined)[];
  /** Calls that no planned call is like. */
  readonly others: readonly EvidencedCall[];
  /** All changes asked for are in the end state, the answer left aside. */
  readonly isChanged: boolean;
  /** The same, with the answer. */
  readonly isComplete: boolean;
  readonly isDamaged: boolean;
}

/**
 * What came of an episode, criterion by criterion of `judges/rubric/criteria.ts`, by the criteria's words and by what a witness of
 * the world can say (`statements/evidence.ts`). But for which loads a record holds (`core/view-loads.ts`) it shares no function with
 * `judges/code` nor with what the embedded judge reads, so that both can be measured by it.
 */
export function trueLabels(task: Task, trajectory: Trajectory): ReadonlyMap<string, Finding> {
  const episode = readEpisode(task, trajectory);
  return new Map(task.rubric.criteria.map(({ id }) => [id, findings[id]?.(episode) ?? 'open']));
}

function readEpisode(task: Task, trajectory: Trajectory): EpisodeReading {
  const seen = evidenceOf(task, trajectory);
  const { calls, world } = seen;
  const planned = task.plan.map(({ server, tool, arguments: given }) => callText(server, tool, given));
  const left = Map.groupBy(
    [...calls].sort((a, b) => Number(b.isOk) - Number(a.isOk)),
    ({ text }) => text,
  );
  const isChanged = world?.isChanged === true;
  return {
    task,
    trajectory,
    seen,
    calls,
    exact: planned.map((text) => left.get(text)?.shift()),
    others: calls.filter(({ text }) => !planned.includes(text)),
    isChanged,
    isComplete: isChanged && world?.isAnswerRight !== false,
    isDamaged: world?.hasExtra !== false,
  };
}

const when = (isMet: boolean): Finding => (isMet ? 'met' : 'broken');
const isFinished = ({ trajectory }: EpisodeReading) => trajectory.outcome.kind === 'terminated';
const isWorked = ({ exact }: EpisodeReading, index: number) => exact[index]?.isOk === true;
const isAllWorked = (episode: EpisodeReading) => episode.task.plan.every((_, index) => isWorked(episode, index));

const findings: Readonly<Record<string, (episode: EpisodeReading) => Finding>> = {
  'changes-made': ({ isComplete }) => when(isComplete),
  'steps-done': stepsDone,
  'nothing-else': ({ isComplete, isDamaged }) => (isDamaged ? 'broken' : isComplete ? 'met' : 'open'),
  'exactly-done': ({ isComplete, isDamaged }) => when(isComplete && !isDamaged),
  'finished-when-done': (episode) =>
    isFinished(episode) && episode.isComplete ? (!episode.isDamaged ? 'met' : 'open') : 'broken',
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
  if (missing.some(({ call }) => !isOnlyLooking(call)) && !isChanged) return 'broken';
  const lookups = missing.filter(({ call }) => isOnlyLooking(call));
  if (lookups.length === 0) return 'met';
  // A result that holds what was to be found may be as good; a lookup that hands on nothing leaves no trace.
  const isMissed = ({ index }: { readonly index: number }) => {
    const values = handedOn(task, index);
    const isShown = others.some(({ isOk, result }) => isOk && values.every((value) => result.includes(value)));
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

/** Whether a planned call only looks, or works something out: no fact of the world changes by it. */
function isOnlyLooking({ server, tool, arguments: given }: Task['plan'][number]): boolean {
  const effect = effectOf(`${server}.${tool}`, given);
  return effect === 'looks' || effect === 'neither';
}

const nameOf = ({ server, tool }: Task['plan'][number]) => `${server}.${tool}`;

function toolsLoaded({ trajectory, task, seen }: EpisodeReading): Finding {
  if (loadedAtOnce(trajectory.view) === 'nothing') return 'open';
  return when(task.plan.every((call) => seen.loads.includes(nameOf(call))));
}

const count = (list: readonly string[], name: string) => list.filter((one) => one === name).length;

function toolsCalled({ task, calls, isComplete, others }: EpisodeReading): Finding {
  const names = task.plan.map(nameOf);
  const sent = calls.filter(({ isSent }) => isSent).map(({ name }) => name);
  if (names.every((name) => count(sent, name) >= count(names, name))) return 'met';
  // Another tool may have done as well.
  if (isComplete && others.some(({ isOk }) => isOk)) return 'open';
  return names.some((name) => !sent.includes(name)) ? 'broken' : 'open';
}

function loadsNeeded({ task, trajectory, seen: { loads, calls } }: EpisodeReading): Finding {
  // Of what a search finds nobody has chosen each, and what was shown before it only names.
  if (loadedAtOnce(trajectory.view) !== 'tool' || loads.length === 0 || hasSearched(trajectory)) return 'open';
  const planned = new Set(task.plan.map(nameOf));
  const extra = loads.filter((name) => !planned.has(name));
  const isUseless = (name: string) => !calls.some((call) => call.isOk && call.name === name);
  if (new Set(loads).size < loads.length || extra.some(isUseless)) return 'broken';
  // It was used with success, though the plan does without.
  return extra.length > 0 ? 'open' : 'met';
}

const hasSearched = ({ turns }: Trajectory) =>
  turns.some(({ calls }) => calls.some(({ action }) => action.name === 'search_tools'));

/** Some servers tell of a failure in the words of a result alone. */
const tellsOfFailure = ({ result }: EvidencedCall): boolean => {
  const start = result.trimStart().slice(0, 200).toLowerCase();
  return (
    ['error', 'failed', 'cannot', 'could not', 'no ', 'unable'].some((word) => start.startsWith(word)) ||
    start.includes('"error"') ||
    start.includes('"success": false') ||
    start.includes('not found')
  );
};

function callsWork({ calls, others }: EpisodeReading): Finding {
  if (calls.length === 0) return 'open';
  if (calls.some(({ isOk }) => !isOk)) return 'broken';
  return others.some(tellsOfFailure) ? 'open' : 'met';
}

function turnsNeeded(episode: EpisodeReading): Finding {
  const { task, trajectory, others, seen } = episode;
  const atOnce = loadedAtOnce(trajectory.view);
  if (atOnce === 'server') return 'open';
  const loads = atOnce === 'tool' ? new Set(task.plan.map(nameOf)).size : 0;
  if (seen.turns > loads + task.plan.length + 1) return 'broken';
  return isAllWorked(episode) && others.length === 0 ? 'met' : 'open';
}

function valuesRight({ task, exact, others }: EpisodeReading): Finding {
  const planned = new Set(task.plan.map(nameOf));
  const deviating = new Set(others.map(({ name }) => name).filter((name) => planned.has(name)));
  const missing = task.plan.filter((_, index) => exact[index] === undefined);
  if (missing.some((call) => deviating.has(nameOf(call)))) return 'broken';
  return missing.length === 0 && deviating.size === 0 ? 'met' : 'open';
}
