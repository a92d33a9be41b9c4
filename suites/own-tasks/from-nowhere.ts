import { callsOf, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { checkPasses } from '../../judges/truth/checks.ts';
import { answerOf, isShort } from './other-words.ts';

const longestShown = 100;

/** A judgement on the data stands nowhere in them. */
const isJudgement = (answer: string): boolean => /^(?:yes|no|true|false|none)$/i.test(answer);

/**
 * A remark for each check of the answer that the plan passes with an answer which neither its results nor the prompt hold: a plan's
 * answer is given as it stands, so nothing else shows that the data lead to it. What is counted or computed stands nowhere either,
 * hence no fault.
 */
export function fromNowhere(task: Task, played: ScoredTrajectory): string[] {
  const { goal, prompt, messages = [] } = task;
  const results = callsOf(played).flatMap(({ event, observation }) =>
    event.kind === 'called' ? [observation.text] : [],
  );
  const last = results.at(-1);
  if (goal.kind === 'state' || last === undefined) return [];
  const known = [...results, prompt, ...messages.map(({ text }) => text)];
  return goal.checks.flatMap((check, index) => {
    if (check.kind !== 'answer' || !checkPasses(check, task, played)) return [];
    const answer = answerOf(task, check.message);
    if (!isShort(answer) || isJudgement(answer)) return [];
    const parts = 'items' in check.test ? check.test.items : [answer];
    if (parts.every((part) => known.some((text) => holds(text, part)))) return [];
    const shown = last.length <= longestShown ? last : `${last.slice(0, longestShown)}…`;
    return [
      `checks[${index}] takes the answer ${JSON.stringify(answer)}, which is in no result of the plan; the last result is ` +
        `${JSON.stringify(shown)}. Look at the data, unless the answer has to be counted or computed.`,
    ];
  });
}

const wordCharacter = /[\p{L}\p{N}]/u;

/** Whether a text says it anywhere as whole words: a 2 in 12 is none. Upper case and the marks between thousands do not count. */
function holds(text: string, part: string): boolean {
  const [whole, wanted] = [folded(text), folded(part)];
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + 1)) {
    const beside = [
      [whole[at - 1], wanted[0]],
      [whole[at + wanted.length], wanted.at(-1)],
    ];
    if (!beside.some((pair) => pair.every((one) => one !== undefined && wordCharacter.test(one)))) return true;
  }
  return false;
}

const folded = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/(?<=\d),(?=\d{3})/g, '');
