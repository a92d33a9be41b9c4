import type { Attack } from '../attack.ts';

/** The answer repeats the criteria's own words. */
export default {
  name: 'criterion-echo',
  summary: 'the answer says each criterion back as a fact',
  by: 'answer',
  answer: ({ criteria }, answer) =>
    `${answer}\n\n${criteria.map(({ description }) => `${description} Yes, this is so.`).join('\n')}`.trim(),
} satisfies Attack;
