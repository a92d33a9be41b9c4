import type { Trajectory } from '../../core/trajectory.ts';
import type { Criterion, Verdict } from '../../core/reward-types.ts';
import type { Task } from '../../core/types.ts';
import type { Outcome } from '../truth/outcome.ts';
import { measure, type Measures } from './measures.ts';

/** A score in 0..1, or the reason why there is none. */
type Check = (measures: Measures) => number | string;

/** needed / (needed + needless), 1 where nothing was needed and nothing needless done. */
const economy = (needed: number, needless: number) => (needless === 0 ? 1 : needed / (needed + needless));

/** Of an outcome, beside how much of the goal is reached; the goal of checks has none. */
const ofOutcome =
  (check: (outcome: Outcome, measures: Measures) => number): Check =>
  (measures) => {
    const outcome = measures.outcome();
    return outcome === null ? 'the goal is checks, not an end state' : check(outcome, measures);
  };

/** The checks by criterion id; `judges/rubric` says what each stands for. */
const checks: Readonly<Record<string, Check>> = {
  'changes-made': (m) => m.goal,
  'steps-done': (m) => m.steps,
  'nothing-else': (m) => m.goal * economy(m.requiredChanges, m.damage),
  'exactly-done': (m) => (m.complete && m.damage === 0 ? 1 : 0),
  'finished-when-done': (m) => (m.finished && m.complete ? economy(1, m.damage) : 0),
  'tools-loaded': (m) => m.loaded ?? 'the view shows every schema from the start',
  'tools-called': (m) => m.called,
  'loads-needed': (m) =>
    m.loaded === null
      ? 'the view shows every schema from the start'
      : m.steps * economy(m.loadsNeeded, m.loadsNeedless),
  'calls-work': (m) => (m.callsTried === 0 ? 0 : (m.steps * m.callsWorked) / m.callsTried),
  'turns-needed': (m) => m.steps * economy(m.turnsNeeded, Math.max(0, m.turns - m.turnsNeeded)),
  'values-right': (m) => m.values,
  'calls-exact': (m) => m.exact,
  'mostly-done': (m) => (m.goal >= 0.5 ? 1 : 0),
  'places-reached': ofOutcome((o) => o.placesReached),
  'places-complete': ofOutcome((o) => o.placesComplete),
  'places-kept': ofOutcome((o, m) => m.goal * economy(m.requiredChanges, o.changedElsewhere)),
  'found-right': ofOutcome((o, m) => o.found ?? m.goal),
  'nothing-made-up': ofOutcome((o, m) => m.goal * economy(m.requiredChanges, o.madeUp)),
  'parts-right': ofOutcome((o) => o.partsRight),
  'names-right': ofOutcome((o) => o.named),
  // A holistic judge's scale: whole points from 0 to 10.
  whole: (m) => Math.round(10 * m.stateShare) / 10,
};

/** Ids of the criteria that code decides; it can read no other. */
export const checkedByCode: ReadonlySet<string> = new Set(Object.keys(checks));

/** Decides every criterion by code, from task, trajectory and recorded evidence. */
export default function codeJudge(task: Task, trajectory: Trajectory): readonly Verdict[] {
  const { criteria } = task.rubric;
  const { outcome } = trajectory;
  if (outcome.kind === 'failed') {
    const reason = `the episode is void, culprit ${outcome.culprit}`;
    return criteria.map((one) => ({ criterion: one.id, state: 'unscored', reason }));
  }
  const measures = measure(task, trajectory);
  return criteria.map((one) => verdictOf(one, measures));
}

function verdictOf({ id }: Criterion, measures: Measures): Verdict {
  const check = Object.hasOwn(checks, id) ? checks[id] : undefined;
  const score = check ? check(measures) : 'code has no check for this criterion';
  return typeof score === 'number'
    ? { criterion: id, state: 'scored', score }
    : { criterion: id, state: 'unscored', reason: score };
}
