import { expect } from 'vitest';
import { passes } from '../../../../judges/truth/text-test.ts';
import type { Case } from '../../lib/case.ts';
import rows from './answers.ts';

const answers: Case = async () => {
  for (const [test, answer, isRight] of rows)
    expect(passes(test, answer), `${JSON.stringify(test)} of ${answer}`).toBe(isRight);
};
export default answers;
