import type { Call, ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { checkPasses } from '../../judges/truth/checks.ts';

/** Whether an answer is short enough to stand in a sentence: longer ones are texts of their own. */
export const isShort = (answer: string): boolean => answer !== '' && answer.length <= 120 && !answer.includes('\n');

const formsOf = (answer: string): readonly string[] => [`**${answer}**`, `The answer is ${answer}.`, `"${answer}"`];

/** The answer of the plan that a check is about. */
export const answerOf = ({ answer, messages = [] }: Task, message: number | undefined): string =>
  message === undefined ? answer : (messages[message]?.answer ?? answer);

/** The record as if that answer had been given in another form. */
function answered(played: ScoredTrajectory, message: number | undefined, answer: string): ScoredTrajectory {
  const ends = played.turns.flatMap(({ user }, turn) => (user === undefined ? [] : [turn]));
  const end = ends[message ?? ends.length];
  if (end === undefined) return { ...played, outcome: { kind: 'terminated', answer } };
  const turns = played.turns.map((turn, index) =>
    index === end ? { ...turn, calls: turn.calls.map((call) => withAnswer(call, answer)) } : turn,
  );
  return { ...played, turns };
}

const withAnswer = (call: Call, answer: string): Call =>
  call.event.kind === 'finished' ? { ...call, action: { ...call.action, arguments: { answer } } } : call;

/**
 * The plan played with its answers in the forms in which models write it: a remark for each check of the answer that takes the
 * plain one and refuses another. A check that says `strictness: exact` means it.
 */
export function otherWords(task: Task, played: ScoredTrajectory): string[] {
  const { goal } = task;
  if (goal.kind === 'state' || played.outcome.kind !== 'terminated') return [];
  return goal.checks.flatMap((check, index) => {
    if (check.kind !== 'answer' || check.test.strictness === 'exact' || !checkPasses(check, task, played)) return [];
    const answer = answerOf(task, check.message);
    if (!isShort(answer)) return [];
    const refused = formsOf(answer).filter((form) => !checkPasses(check, task, answered(played, check.message, form)));
    if (refused.length === 0) return [];
    const forms = refused.map((form) => JSON.stringify(form)).join(', ');
    return [
      `checks[${index}] refuses the plan's answer in other words: ${forms}. Say strictness: exact where that is meant.`,
    ];
  });
}
