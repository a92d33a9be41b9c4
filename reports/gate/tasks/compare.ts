import type { Verdict } from '../types.ts';
import { type Drift, driftOf } from './drift.ts';
import { countOf, isLoss, meanDifference, type MeanDifference, outcomesOf, type TaskOutcome } from './outcomes.ts';
import { plural, share } from './power.ts';
import { shortName, type TasksRecord } from './record.ts';
import type { TasksReference } from './reference.ts';

export interface TasksGateOptions {
  /** What drift (other tools, prompts, model) alone makes of the gate; `tell`: nothing, tasks decide. */
  readonly drift: 'incomparable' | 'regressed' | 'tell';
  /** Least mean over tasks of the share passed; absent: any. */
  readonly threshold?: number | undefined;
}

/** A gate's word on own tasks, and all that it rests on. */
export interface TasksGate {
  readonly verdict: Verdict;
  /** Why, one sentence each. */
  readonly reasons: readonly string[];
  /** What is told and decides nothing. */
  readonly notes: readonly string[];
  readonly outcomes: readonly TaskOutcome[];
  readonly drift: readonly Drift[];
  /** There is drift, and it forbids a pass. */
  readonly driftCounts: boolean;
  /** Mean over all tasks now, and its difference from the reference over those that both have. */
  readonly mean: number | null;
  readonly difference: MeanDifference | null;
}

/**
 * Compares play of own tasks with its reference. Regressed: a task that passed each time and now never does; the mean, where
 * five tasks or more were played and the interval of the difference lies below 0; a mean below the threshold. Not enough
 * data: a task without an episode that counts.
 */
export default function compareTasks(
  now: TasksRecord,
  reference: TasksReference,
  { drift: onDrift, threshold }: TasksGateOptions,
): TasksGate {
  const outcomes = outcomesOf(reference.tasks, now.tasks);
  const drift = driftOf(reference, now);
  const difference = meanDifference(outcomes);
  const counts = now.tasks.map(countOf).filter(({ played }) => played > 0);
  const mean =
    counts.length === 0 ? null : counts.reduce((sum, { passed, played }) => sum + passed / played, 0) / counts.length;
  const of = (kind: TaskOutcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind);
  const losses = [
    ...of('regressed').map(
      ({ id, before, now: today }) =>
        `The task ${shortName(id)} passed ${times(before.played)} in the reference, and now ${today.played === 1 ? 'fails' : 'never'}.`,
    ),
    ...(isLoss(difference) ? [`The mean fell by ${lossText(difference)}.`] : []),
    ...(threshold !== undefined && (mean === null || mean < threshold)
      ? [`The mean is ${mean === null ? 'unknown' : share(mean)}, below the threshold of ${share(threshold)}.`]
      : []),
  ];
  const gaps = of('void').map(({ id, now: today }) =>
    today.played === 0
      ? `The task ${shortName(id)} has no episode that counts: it was not played, or all were void. Re-run the command.`
      : `The task ${shortName(id)} has no episode that counts in the reference. Accept a new one.`,
  );
  const drifted = drift.length === 0 ? [] : [driftText(drift)];
  const found: readonly (readonly [Exclude<Verdict, 'pass'>, readonly string[]])[] = [
    ['regressed', [...losses, ...(onDrift === 'regressed' ? drifted : [])]],
    ['incomparable', onDrift === 'incomparable' ? drifted.map(withCure) : []],
    ['not-enough-data', gaps],
  ];
  const decisive = found.find(([, sentences]) => sentences.length > 0);
  const [verdict, reasons] = decisive ?? ['pass' as const, passText(outcomes, reference)];
  const others = found.filter((one) => one !== decisive).flatMap(([, sentences]) => sentences);
  const driftCounts = drift.length > 0 && onDrift !== 'tell';
  const notes = [...others, ...notesOn(outcomes, difference, now, reference)];
  return { verdict, reasons, notes, outcomes, drift, driftCounts, mean, difference };
}

const mostNamed = 3;

function driftText(drift: readonly Drift[]): string {
  const named = drift.slice(0, mostNamed).map(({ what }) => what);
  const rest = drift.length - named.length;
  return `Something differs from the reference: ${named.join('; ')}${rest > 0 ? `; ${rest} more` : ''}.`;
}

const withCure = (sentence: string): string =>
  `${sentence} Accept it with --accept "the reason", or let the tasks alone decide with --allow-drift.`;

const passText = (outcomes: readonly TaskOutcome[], { reason }: TasksReference): string[] => [
  `None of ${outcomes.length} tasks regressed since the reference ("${reason}").`,
];

function notesOn(
  outcomes: readonly TaskOutcome[],
  difference: MeanDifference | null,
  now: TasksRecord,
  reference: TasksReference,
): string[] {
  const flaky = outcomes.filter(({ kind }) => kind === 'flaky');
  const mended = outcomes.filter(({ kind }) => kind === 'mended');
  const packages = Object.entries(now.servers).flatMap(([name, { package: source }]) => {
    const was = reference.servers[name]?.package;
    return was === undefined || was === source ? [] : [`The server ${name} is ${source}, in the reference ${was}.`];
  });
  return [
    ...(difference === null ? [] : [meanText(difference)]),
    ...(flaky.length > 0 ? [`Flaky (passed only sometimes, then or now): ${namesOf(flaky)}.`] : []),
    ...(mended.length > 0 ? [`Fixed: ${namesOf(mended)}. Accept a new reference to hold on to that.`] : []),
    ...(outcomes.length > 0 && outcomes.every(({ before }) => before.passed === 0)
      ? ['No task passed in the reference, so only drift can be detected, no regression.']
      : []),
    ...packages,
    ...(now.toolstone === reference.toolstone
      ? []
      : [`This is Toolstone ${now.toolstone}, the reference is of ${reference.toolstone}.`]),
    ...(now.suite === reference.suite
      ? []
      : [`The task file, or a script beside it, has changed: ${now.suite}, in the reference ${reference.suite}.`]),
  ];
}

const namesOf = (some: readonly TaskOutcome[]): string =>
  some.map(({ id, before, now }) => `${shortName(id)} (${countText(before)} → ${countText(now)})`).join(', ');

const meanText = (difference: MeanDifference): string => {
  const { tasks, low } = difference;
  const means = `Mean over ${plural(tasks, 'task')}, less the reference's: ${differenceText(difference)}`;
  return low === null
    ? `${means}; so few tasks are judged one by one, not by their mean.`
    : `${means}, paired by task.`;
};

const lossText = (difference: MeanDifference | null): string =>
  difference === null
    ? ''
    : `${share(-difference.value)}: the difference, paired by task, is ${differenceText(difference)}, all of the interval below 0`;

const differenceText = ({ value, low, high }: MeanDifference): string =>
  `${signed(value)}${low === null || high === null ? '' : ` [${signed(low)}, ${signed(high)}]`}`;

const signed = (value: number): string => (value > 0 ? `+${share(value)}` : share(value));

const times = (played: number): string => (played === 1 ? 'the one time' : `all ${played} times`);

export const countText = ({ passed, played }: TaskOutcome['now']): string => `${passed}/${played}`;
