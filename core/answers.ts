import type { Trajectory, Turn } from './trajectory.ts';

/** What an episode answered the user's messages by, in their order; an answer for each one that it ended. */
export const answersOf = ({ turns, outcome }: Pick<Trajectory, 'turns' | 'outcome'>): readonly string[] => [
  ...turns.filter(({ user }) => user !== undefined).map(finishedAnswer),
  ...(outcome.kind === 'terminated' ? [outcome.answer] : []),
];

function finishedAnswer({ calls }: Turn): string {
  const answer = calls.find(({ event }) => event.kind === 'finished')?.action.arguments['answer'];
  return typeof answer === 'string' ? answer : '';
}
