import { testFor, type Sink } from '../../tasks/sub-goal.ts';
import texts from './answer.json' with { type: 'json' };

/** Answers with the value. */
export default {
  name: 'answer',
  home: 'answer',
  wants: 'text',
  texts,
  record: ({ start }, value) => ({
    start,
    steps: [],
    values: { value },
    answer: { test: testFor(value), reference: value },
  }),
} satisfies Sink;
