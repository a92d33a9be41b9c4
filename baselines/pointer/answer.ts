import { answerQuestion, answersOf, isSameAnswer, joinsValues, plainAnswer, type Answer } from './answer-question.ts';
import type { Choose } from './network.ts';
import type { Situation } from './situation.ts';

const mostJoined = 12;

/**
 * Chooses what to answer, if anything: one candidate or, where several values are asked for and the policy may put them together, one
 * value after the other until it says that there is no further one. A teacher's answer is given word for word, whether or not
 * it could have been chosen.
 */
export function chooseAnswer(situation: Situation, choose: Choose, wanted: string | undefined): string {
  const joins = joinsValues(situation);
  const most = joins ? mostJoined : 1;
  const given: Answer[] = [];
  while (given.length < most) {
    const candidates = answersOf(situation, given);
    const fits = fitting(candidates, given.length, wanted ?? '', joins);
    const answer = candidates[choose(answerQuestion(situation, candidates, given), fits)];
    if (!answer || answer.value === '') break;
    given.push(answer);
    if (answer.isSeveral) break;
  }
  return wanted ?? given.map(({ value }) => value).join('\n');
}

/** Which candidates a teacher would take: the whole answer where one is, else the value whose turn it is, at last none. */
function fitting(candidates: readonly Answer[], place: number, wanted: string, joins: boolean) {
  const isWhole = (i: number) => isSameAnswer(candidates[i]?.value ?? '', wanted);
  if (place === 0 && (!joins || candidates.some((_, i) => isWhole(i)))) return isWhole;
  const value = plainAnswer(wanted).split('\n')[place] ?? '';
  return (i: number) => candidates[i]?.value === value;
}
