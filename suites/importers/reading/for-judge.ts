import type { OwnCheck } from '../../own-tasks/format.ts';

/** Checks of a task on which only a judge can say yes; that there is an answer at all code can tell. */
export const forJudge = (judged: string): readonly OwnCheck[] => [
  { name: 'there is an answer', answer: { matches: String.raw`\S` } },
  { judged },
];
