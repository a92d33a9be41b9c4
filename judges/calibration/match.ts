import type { JudgedVerdict, Label, LabelSet } from '../../core/calibration-types.ts';
import { lineComplaint, type LineFault } from '../../core/record/checked-lines.ts';

/** A usable answer. */
export interface Vote {
  readonly score: number;
  readonly position: number | null;
}

/** Trajectory and criterion with the usable answers of the judge, if any. */
export interface Judged {
  readonly trajectory: string;
  readonly task: string;
  readonly criterion: string;
  readonly votes: readonly Vote[];
  readonly length: number | null;
}

/** Trajectory and criterion with a truth and a usable answer. */
export interface Item extends Judged {
  /** Mean of the usable votes. */
  readonly score: number;
  readonly said: boolean;
  readonly truth: boolean;
  /** 0..1. */
  readonly truthScore: number;
  readonly isHuman: boolean;
  readonly group: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Labels of one trajectory and criterion. */
export interface Rated {
  readonly task: string;
  readonly labels: readonly Label[];
}

export interface Matched {
  readonly items: readonly Item[];
  /** Judged, usable, but without a label. */
  readonly unlabelled: readonly Judged[];
  readonly rated: readonly Rated[];
  readonly disputed: number;
  readonly unjudged: number;
  readonly withheld: number;
}

/** Whether a score is one: judges also say NaN and 1e9. */
export const isUsable = (score: number): boolean => score >= 0 && score <= 1;

const placeOf = (trajectory: string, criterion: string): string => JSON.stringify([trajectory, criterion]);

/**
 * Brings labels and answers together. Throws `UsageError` with file and line where a label names an unknown criterion,
 * another task than its trajectory's, or a task of which several trajectories were judged.
 */
export function match(
  { file, labels }: LabelSet,
  verdicts: readonly JudgedVerdict[],
  criteria: ReadonlySet<string>,
  threshold: number,
): Matched {
  const judged = judgedOf(verdicts);
  const taskOf = new Map(verdicts.map((one) => [one.trajectory, one.task]));
  const trajectoriesOf = Map.groupBy(taskOf.keys(), (trajectory) => taskOf.get(trajectory));
  const byPlace = new Map<string, Label[]>();
  const faults: LineFault[] = [];
  let unresolved = 0;
  for (const label of labels) {
    const candidates = label.task === null ? [] : (trajectoriesOf.get(label.task) ?? []);
    const what = criteria.has(label.criterion) ? faultOf(label, taskOf, candidates.length) : unknown(label, criteria);
    if (what !== null) faults.push({ line: label.line, what });
    const trajectory = label.trajectory ?? candidates[0] ?? `task ${label.task}`;
    const place = placeOf(trajectory, label.criterion);
    byPlace.set(place, [...(byPlace.get(place) ?? []), label]);
  }
  if (faults.length > 0) throw lineComplaint(file, faults);
  let [disputed, withheld] = [0, 0];
  const items: Item[] = [];
  const rated: Rated[] = [];
  for (const [place, labelsThere] of byPlace) {
    const answer = judged.get(place);
    rated.push({ task: answer?.task ?? labelsThere[0]?.task ?? place, labels: labelsThere });
    const truth = truthOf(labelsThere);
    if (truth === null) disputed += 1;
    else if (!answer) unresolved += 1;
    else if (answer.votes.length === 0) withheld += 1;
    else items.push(itemOf(answer, labelsThere, truth, threshold));
  }
  const unlabelled = [...judged].flatMap(([place, one]) => (byPlace.has(place) || one.votes.length === 0 ? [] : [one]));
  return { items, unlabelled, rated, disputed, unjudged: unresolved, withheld };
}

/** Answers by trajectory and criterion. */
export function judgedOf(verdicts: readonly JudgedVerdict[]): ReadonlyMap<string, Judged> {
  const byPlace = Map.groupBy(verdicts, (one) => placeOf(one.trajectory, one.verdict.criterion));
  return new Map(
    [...byPlace].map(([place, verdictsThere]) => {
      const [{ trajectory, task, verdict }] = verdictsThere as [JudgedVerdict];
      const votes = verdictsThere.flatMap((one): Vote[] =>
        one.verdict.state === 'scored' && isUsable(one.verdict.score)
          ? [{ score: one.verdict.score, position: one.position ?? null }]
          : [],
      );
      const length = verdictsThere.find((one) => one.length !== undefined)?.length ?? null;
      return [place, { trajectory, task, criterion: verdict.criterion, votes, length }];
    }),
  );
}

function itemOf(judged: Judged, labels: readonly Label[], truthScore: number, threshold: number): Item {
  const score = meanOf(judged.votes.map((vote) => vote.score));
  return {
    ...judged,
    score,
    said: score >= threshold,
    truth: truthScore >= 0.5,
    truthScore,
    isHuman: labels.every(({ source }) => source === 'human'),
    group: labels.find(({ group }) => group !== null)?.group ?? judged.task,
    tags: Object.assign({}, ...labels.map(({ tags }) => tags)) as Record<string, string>,
  };
}

/** Planted truth goes before what people say, whose mean it else is; `null` where they are evenly split. */
function truthOf(labels: readonly Label[]): number | null {
  const planted = labels.filter(({ source }) => source === 'planted');
  const counted = planted.length > 0 ? planted : labels;
  const score = meanOf(counted.map((label) => label.score));
  return counted.length > 1 && score === 0.5 ? null : score;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function unknown({ criterion }: Label, criteria: ReadonlySet<string>): string {
  return `"${criterion}" is no criterion of the tasks judged. They have: ${[...criteria].sort().join(', ') || 'none'}.`;
}

function faultOf(label: Label, taskOf: ReadonlyMap<string, string>, trajectories: number): string | null {
  if (label.trajectory === null) {
    if (trajectories < 2) return null;
    return `names the task ${label.task}, of which ${trajectories} trajectories were judged. Name one as "trajectory".`;
  }
  const task = taskOf.get(label.trajectory);
  if (task === undefined || label.task === null || label.task === task) return null;
  return `names the task ${label.task}, but its trajectory is of ${task}.`;
}
