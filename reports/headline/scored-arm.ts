import { isFinalPhase } from '../../core/phase.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Observation } from '../../core/statistics/bootstrap.ts';
import type { Estimate } from '../../core/statistics/estimate.ts';
import { isTrained } from '../arms/arms.ts';
import type { NamedArm } from '../arms/named-arms.ts';
import { estimate, observe, verified } from '../arms/readings.ts';
import { formatCell } from '../tables/table.ts';

/** An arm and its verifier success on one split. */
export interface ScoredArm {
  readonly arm: NamedArm;
  readonly success: Estimate;
  readonly observations: readonly Observation[];
}

/** The split of the answer: `test`, else the first that the arms were measured on. */
export function splitOf({ episodes }: Run, arms: readonly NamedArm[]): string {
  const jobs = new Set(arms.flatMap((arm) => arm.jobs.map(({ name }) => name)));
  const phases = new Set(
    episodes.filter((one) => jobs.has(one.job) && isFinalPhase(one.phase)).map(({ phase }) => phase),
  );
  return phases.has('test') ? 'test' : ([...phases][0] ?? 'test');
}

/** Nothing where the arm has no scored episode on the split. */
export function scoredArm({ episodes }: Run, arm: NamedArm, split: string): ScoredArm[] {
  const jobs = new Set(arm.jobs.map(({ name }) => name));
  const mine = episodes.filter(({ job, phase }) => phase === split && jobs.has(job));
  const success = estimate(mine, verified);
  return success ? [{ arm, success, observations: observe(mine, verified) }] : [];
}

/** An arm in a sentence, by the one name that charts and tables give it, e.g. `the policy trained as “GRPO, rubric”`. */
export const whoOf = (arm: NamedArm): string =>
  isTrained(arm) ? `the policy trained as “${arm.name}”` : nameText(arm.name);

/** A name in a sentence: in quotes where its comma (`oracle, tool`) would look like one of the sentence. */
export const nameText = (name: string): string => (name.includes(',') ? `“${name}”` : name);

export const subjectOf = (arm: NamedArm): string => whoOf(arm).replace(/^the /, 'The ');

/** e.g. `25 of 60 tasks (0.42 [0.29, 0.53])`, `on average 24.5 of 60 tasks over 4 seeds (…)`: what several tries solve is a mean. */
export function shareText(success: Estimate): string {
  const { value, tasks, seeds, episodes } = success;
  const solved = Number((value * tasks).toFixed(1));
  const mean = episodes > tasks ? 'on average ' : '';
  const over = seeds > 1 ? ` over ${seeds} seeds` : '';
  return `${mean}${solved} of ${tasks} tasks${over} (${formatCell(success, 'share')})`;
}
