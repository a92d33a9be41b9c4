import { outcomesOf, type Outcome } from '../../../judges/language/answer.ts';
import { mergeVotes, verdictOf } from '../../../judges/language/merge.ts';
import { rubricIn } from '../../../judges/rubric/writing/reply.ts';
import { rubricProblems } from '../../../judges/rubric/rubric.ts';
import { causes } from '../../../core/reward-types.ts';
import { atlasReply } from '../../judges/rubrics/writer-before.ts';
import type { Reader } from '../reader.ts';

const likely = ['{"', 'c1', '": "', 'yes', '", "', 'c2', '": "', 'no', '"}'].map((text) => ({
  text,
  logProbability: -0.1,
  likeliest: [
    { text: 'yes', logProbability: -0.2 },
    { text: 'no', logProbability: -1.9 },
  ],
}));
const one = { c1: 'yes', c2: 'no' };
const criteria = ['It is done.', 'It is tidy.'];
const questions = {
  'one.json': { records: ['r'], criteria, scale: 'yes-no', isGroup: false },
  'ten.json': { records: ['r'], criteria, scale: 'ten', isGroup: false },
  'group.json': { records: ['r', 's'], criteria, scale: 'yes-no', isGroup: true },
} as const;
const free = {
  criteria: [
    { category: 'task-fulfilment', description: 'It is done.', weight: 5 },
    { category: 'tool-grounding', description: 'Values come from results.', weight: -2 },
  ],
};
const fenced = (value: unknown): string => `<think>\nHm.\n</think>\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;

/** What models say as judges, and as writers of rubrics. */
export default {
  share: 25,
  isInMemory: true,
  inputs: [
    { 'one.json': { form: 'json', text: JSON.stringify(one) } },
    { 'one.json': { form: 'text', text: fenced(one) } },
    { 'ten.json': { form: 'json', text: '{"c1": 7, "c2": "10"}' } },
    { 'group.json': { form: 'json', text: JSON.stringify({ t1: one, t2: { c1: 'no', c2: true } }) } },
    { 'atlas.json': { form: 'json', text: JSON.stringify(atlasReply()) } },
    { 'free.json': { form: 'json', text: JSON.stringify(free) } },
    { 'free.json': { form: 'text', text: fenced(free) } },
  ],
  read: (files) => {
    for (const [name, bytes] of files) {
      const reply = { text: bytes.toString(), finishReason: bytes.length % 9 === 0 ? 'length' : 'stop' };
      if (name === 'atlas.json' || name === 'free.json') checkRubric(reply, name === 'atlas.json' ? 'atlas' : 'free');
      else checkOutcomes(outcomesOf({ ...reply, likely }, questions[name as keyof typeof questions]));
    }
  },
} satisfies Reader;

function checkRubric(reply: { readonly text: string; readonly finishReason: string }, form: 'atlas' | 'free'): void {
  const found = rubricIn(reply, form);
  if ('cause' in found) checkReason(found);
  else if (rubricProblems(found).length > 0)
    throw new Error(`a rubric that is none: ${rubricProblems(found).join(' ')}`);
}

function checkOutcomes(rows: readonly (readonly Outcome[])[]): void {
  for (const outcome of rows.flat()) {
    if ('cause' in outcome) checkReason(outcome);
    else if (!(outcome.score >= 0 && outcome.score <= 1)) throw new Error(`a score of ${outcome.score}`);
  }
  const votes = rows.map((row) => verdictOf('done', row[0], 0));
  const merged = mergeVotes('done', votes);
  if (merged.state === 'scored' && !(merged.score >= 0 && merged.score <= 1))
    throw new Error(`a mean of ${merged.score}`);
}

function checkReason({ cause, reason }: Extract<Outcome, { readonly cause: unknown }>): void {
  if (!causes.includes(cause) || !/\w{3}/.test(reason)) throw new Error(`no reason: ${cause}, ${reason}`);
}
