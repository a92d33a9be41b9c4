import type { LabelSet } from '../../core/calibration-types.ts';
import { lineComplaint, type LineFault } from '../../core/record/checked-lines.ts';
import type { Rubric } from '../../core/reward-types.ts';

/** A trajectory that is to be judged, by which rubric. */
export interface ToBeJudged {
  readonly trajectory: string;
  readonly task: string;
  readonly rubric: Rubric;
}

/**
 * Refuses labels that can never be compared with a verdict: of a criterion that no rubric has, or that the rubric of its
 * trajectory has not. It is done before a judge is asked, which may cost hours and money.
 * @throws UsageError that names every such label as `FILE:LINE: what is wrong`.
 */
export function refuseUnknown({ file, labels }: LabelSet, judged: readonly ToBeJudged[]): void {
  const rubricOf = new Map(
    judged.flatMap(({ trajectory, task, rubric }) => [
      [trajectory, rubric],
      [task, rubric],
    ]),
  );
  const all = idsOf(judged.map(({ rubric }) => rubric));
  const faults = labels.flatMap(({ trajectory, task, criterion, line }): LineFault[] => {
    const rubric = rubricOf.get(trajectory ?? task ?? '');
    if (all.has(criterion) && (!rubric || rubric.criteria.some(({ id }) => id === criterion))) return [];
    const known = rubric ? idsOf([rubric]) : all;
    const where = rubric ? `of ${trajectory ?? task}. It has` : 'of the tasks judged. They have';
    return [{ line, what: `"${criterion}" is no criterion ${where}: ${[...known].sort().join(', ') || 'none'}.` }];
  });
  if (faults.length > 0) throw lineComplaint(file, faults);
}

const idsOf = (rubrics: readonly Rubric[]): ReadonlySet<string> =>
  new Set(rubrics.flatMap(({ criteria }) => criteria.map(({ id }) => id)));
