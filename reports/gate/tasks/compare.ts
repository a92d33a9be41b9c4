import { namesOf } from './accepted.ts';
import type { Block } from '../../../core/block.ts';
import type { Drift } from '../../../core/drift/drift.ts';
import { driftOf } from './drift.ts';
import { countOf, isLoss, meanDifference, type MeanDifference, outcomesOf, type TaskOutcome } from './outcomes.ts';
import { plural, share } from './power.ts';
import { shortName, type TasksRecord } from './record.ts';
import type { TasksReference } from './reference.ts';

/** `drift`: no task regressed, but what the policy was given is not what it was given in the reference. */
export type TasksVerdict = 'pass' | 'regressed' | 'drift' | 'not-enough-data';

export interface TasksGateOptions {
  /** Drift (other tools, prompts, model) is only told, and tasks decide. */
  readonly allowsDrift?: boolean;
  /** Task → why it did not pass now. */
  readonly failures?: ReadonlyMap<string, string>;
  /** Task → why it could not be played now. */
  readonly blocks?: ReadonlyMap<string, Block>;
  /** Least mean over tasks of the share passed; absent: any. */
  readonly threshold?: number | undefined;
}

/** A gate's word on own tasks, and all that it rests on. */
export interface TasksGate {
  readonly verdict: TasksVerdict;
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
 * five tasks or more were played and the interval of the difference lies below 0; a mean below the threshold; a task that passed
 * and names a tool that is gone. Not enough data: a task without an episode that counts, or whose server does not start.
 */
export default function compareTasks(
  now: TasksRecord,
  reference: TasksReference,
  { allowsDrift = false, failures, blocks, threshold }: TasksGateOptions,
): TasksGate {
  const outcomes = outcomesOf(reference.tasks, now.tasks, failures, blocks);
  const drift = driftOf(reference, now);
  const difference = meanDifference(outcomes);
  const counts = now.tasks.map(countOf).filter(({ played }) => played > 0);
  const mean =
    counts.length === 0 ? null : counts.reduce((sum, { passed, played }) => sum + passed / played, 0) / counts.length;
  const of = (kind: TaskOutcome['kind']) => outcomes.filter((outcome) => outcome.kind === kind);
  const isBlocked = ({ id }: TaskOutcome): boolean => blocks?.has(id) === true;
  const losses = [
    ...of('regressed').map((outcome) => {
      const { id, before, now: today, why } = outcome;
      const then = isBlocked(outcome) ? 'and can no longer be played' : `now ${ofPlayed(today)}`;
      return `The task ${shortName(id)} passed ${ofPlayed(before)} in the reference, ${then}.${sentence(why)}`;
    }),
    ...(isLoss(difference) ? [`The mean fell by ${lossText(difference)}.`] : []),
    ...(threshold !== undefined && (mean === null || mean < threshold)
      ? [`The mean is ${mean === null ? 'unknown' : share(mean)}, below the threshold of ${share(threshold)}.`]
      : []),
  ];
  const gaps = [
    ...[...Map.groupBy(of('void').filter(isBlocked), ({ why = '' }) => why)].map(
      ([why, tasks]) =>
        `${plural(tasks.length, 'task')} could not be played: ${namesOf(tasks.map(({ id }) => shortName(id)))}.${sentence(why)}`,
    ),
    ...of('void')
      .filter((outcome) => !isBlocked(outcome))
      .map(({ id, now: today, why }) =>
        today.played === 0
          ? `The task ${shortName(id)} has no episode that counts: it was not played, or all were void.${sentence(why)} Re-run the command.`
          : `The task ${shortName(id)} has no episode that counts in the reference. Accept a new one.`,
      ),
  ];
  const driftCounts = drift.length > 0 && !allowsDrift;
  const found: readonly (readonly [Exclude<TasksVerdict, 'pass'>, readonly string[]])[] = [
    ['regressed', losses],
    ['drift', driftCounts ? [driftText(drift)] : []],
    ['not-enough-data', gaps],
  ];
  const decisive = found.find(([, sentences]) => sentences.length > 0);
  const [verdict, reasons] = decisive ?? ['pass' as const, passText(outcomes, reference)];
  // Each drift is told by itself.
  const others = found.filter((one) => one !== decisive && one[0] !== 'drift').flatMap(([, sentences]) => sentences);
  const notes = [...others, ...notesOn(outcomes, difference, now, reference)];
  return { verdict, reasons, notes, outcomes, drift, driftCounts, mean, difference };
}

const driftText = ({ length }: readonly Drift[]): string =>
  `No task regressed, but there is drift: ${plural(length, 'change')}, ${length === 1 ? '' : 'each '}listed with its difference. ` +
  `If you intended ${length === 1 ? 'it' : 'them'}, accept today's result with --accept "the reason" and commit the reference. ` +
  'With --allow-drift, only the tasks decide.';

const sentence = (why: string | undefined): string => (why === undefined ? '' : ` ${why.replace(/(?<![.!?…])$/, '.')}`);

const passText = (outcomes: readonly TaskOutcome[], { reason }: TasksReference): string[] => [
  outcomes.length === 1
    ? `The task did not regress since the reference ("${reason}").`
    : `None of ${outcomes.length} tasks regressed since the reference ("${reason}").`,
];

function notesOn(
  outcomes: readonly TaskOutcome[],
  difference: MeanDifference | null,
  now: TasksRecord,
  reference: TasksReference,
): string[] {
  const flaky = outcomes.filter(({ kind }) => kind === 'flaky');
  const mended = outcomes.filter(({ kind }) => kind === 'mended');
  const failing = outcomes.filter(({ kind }) => kind === 'failing');
  const packages = Object.entries(now.servers).flatMap(([name, { package: source }]) => {
    const was = reference.servers[name]?.package;
    return was === undefined || was === source ? [] : [`The server ${name} is ${source}, in the reference ${was}.`];
  });
  return [
    ...(difference === null ? [] : [meanText(difference)]),
    ...(flaky.length > 0 ? [`Flaky (passed only sometimes, then or now): ${countsOf(flaky)}.`] : []),
    ...(mended.length > 0 ? [`Fixed: ${countsOf(mended)}. Accept a new reference to hold on to that.`] : []),
    ...(failing.length > 0
      ? [`Failing, as in the reference: ${namesOf(failing.map(({ id }) => shortName(id)))}.`]
      : []),
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

const countsOf = (some: readonly TaskOutcome[]): string =>
  some.map(({ id, before, now }) => `${shortName(id)} (${countText(before)} → ${countText(now)})`).join(', ');

const meanText = (difference: MeanDifference): string => {
  const change = `Mean change since the reference: ${differenceText(difference)}`;
  return difference.low === null
    ? `${change} (fewer than five tasks, so only single tasks decide).`
    : `${change}, over ${plural(difference.tasks, 'task')}, paired by task.`;
};

const lossText = (difference: MeanDifference | null): string =>
  difference === null
    ? ''
    : `${share(-difference.value)}: the difference, paired by task, is ${differenceText(difference)}, all of the interval below 0`;

const differenceText = ({ value, low, high }: MeanDifference): string =>
  `${signed(value)}${low === null || high === null ? '' : ` [${signed(low)}, ${signed(high)}]`}`;

const signed = (value: number): string => (value > 0 ? `+${share(value)}` : share(value));

const ofPlayed = ({ passed, played }: TaskOutcome['now']): string => `${passed} of ${played}`;

export const countText = ({ passed, played }: TaskOutcome['now']): string => `${passed}/${played}`;
