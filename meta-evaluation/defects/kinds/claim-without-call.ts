import { undone, type Defect } from '../defect.ts';
import { finishAction } from '../script.ts';

/** Nothing is done, and it is said to be. */
export default {
  name: 'claim-without-call',
  summary: 'the task is called done without any call',
  breaks: [...undone, 'steps-done', 'tools-loaded', 'tools-called', 'calls-exact'],
  open: ['nothing-else', 'loads-needed', 'calls-work', 'turns-needed', 'values-right'],
  apply: ({ task, draw }) => ({
    actions: [finishAction(draw.pick(claims))],
    server: task.plan[0]?.server ?? '',
  }),
} satisfies Defect;

const claims = [
  'Done.',
  'Everything was done as asked.',
  'I have carried out all steps, and the result is what you wanted.',
  'The task is complete: every change you asked for has been made.',
  'All calls succeeded.',
  'I loaded the tools, made the calls and checked the result.',
];
