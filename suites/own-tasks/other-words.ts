import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { checkPasses } from '../../judges/truth/checks.ts';

/** Longer answers are texts of their own, which nobody puts into a sentence. */
const LONGEST = 120;

const formsOf = (answer: string): readonly string[] => [`**${answer}**`, `The answer is ${answer}.`, `"${answer}"`];

/**
 * The plan played with its answer in the forms in which models write it: a remark for each check of the answer that takes the
 * plain one and refuses another. A check that says `strictness: exact` means it.
 */
export function otherWords(task: Task, played: ScoredTrajectory): string[] {
  const { goal, answer } = task;
  if (goal.kind === 'state' || played.outcome.kind !== 'terminated') return [];
  if (answer === '' || answer.length > LONGEST || answer.includes('\n')) return [];
  return goal.checks.flatMap((check, index) => {
    if (check.kind !== 'answer' || check.test.strictness === 'exact' || !checkPasses(check, task, played)) return [];
    const refused = formsOf(answer).filter(
      (form) => !checkPasses(check, task, { ...played, outcome: { kind: 'terminated', answer: form } }),
    );
    if (refused.length === 0) return [];
    const forms = refused.map((form) => JSON.stringify(form)).join(', ');
    return [
      `checks[${index}] refuses the plan's answer in other words: ${forms}. Say strictness: exact where that is meant.`,
    ];
  });
}
