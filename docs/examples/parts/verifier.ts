import type { Verifier } from 'toolstone';

/** Says yes where the note “plan” holds as many lines as the final answer says. */
const verify: Verifier = ({ answer, files }) => {
  const text = files('my-server')['plan.txt'];
  if (text === undefined) return 'there is no note “plan”';
  const lines = text.trim().split('\n').length;
  return Number(answer) === lines || `the note has ${lines} lines, the answer is ${answer ?? 'missing'}`;
};
export default verify;
