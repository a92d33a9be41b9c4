import { armLabel } from '../../core/arm-label.ts';
import { executions } from '../../core/execution.ts';
import type { Experiment } from '../../core/run-types.ts';
import { fixedJob, measuredOn, type Evaluations } from '../shared/jobs.ts';

const evaluations = (tasks: number): Evaluations => [
  { split: 'test', tasks },
  { split: 'items-50', tasks: Math.min(14, tasks) },
];

/** Each way of showing tools, whatever is added to the list of views: tables of record hang on them and on their order. */
const views = ['eager', 'native', 'server', 'tool', 'search'];

/**
 * What it costs and gains to call tools by programs, beside the way in which they are shown: by a policy that knows the plan, and by one
 * that only matches words, on a suite of requests in many phrasings, of bulk work or of long chains.
 */
const execution: Experiment = {
  name: 'execution',
  summary: 'calls, programs or both in every view, by oracle and retrieval; made for basic-2, bulk and long-horizon',
  defaults: { seeds: 1, episodes: 60, view: 'tool' },
  jobs: ({ episodes, splits }) => {
    const measured = measuredOn(evaluations(episodes), splits);
    return ['oracle', 'retrieval'].flatMap((policy) =>
      views.flatMap((view) =>
        executions.map((one) => {
          const rows = { views: armLabel(policy, { view, execution: one }) };
          return fixedJob(policy, view, rows, measured, 1, one);
        }),
      ),
    );
  },
};
export default execution;
