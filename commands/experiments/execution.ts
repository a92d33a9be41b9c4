import { armLabel } from '../../core/arm-label.ts';
import { executions, type Execution } from '../../core/execution.ts';
import type { Experiment } from '../../core/run-types.ts';
import type { ViewName } from '../../core/types.ts';
import { armJobs, fixedJob, measuredOn, type Evaluations, type Rows } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'items-50', tasks: 14 },
];

/** Each way of showing tools, whatever is added to the list of views: tables of record hang on them and on their order. */
const views = ['eager', 'native', 'server', 'tool', 'search'];

/** Those that the embedded policy is trained in: by loading tools, by search, and with all schemas in the prompt. */
const trainedViews = ['tool', 'search', 'eager'] as const;

/**
 * What it costs and gains to call tools by programs, beside the way in which they are shown: by a policy that knows the plan, by one that
 * only matches words, and by the embedded policy, which learns when to batch its calls, on a suite of requests in many phrasings, of bulk
 * work or of long chains.
 */
const execution: Experiment = {
  name: 'execution',
  summary:
    'calls, programs or both in every view, by oracle and retrieval, learnt in three; made for basic-2, bulk and long-horizon',
  defaults: { seeds: 10, episodes: 2048, view: 'tool' },
  jobs: (options) => {
    const { rewards: [reward = 'rubric'] = [], splits } = options;
    const measured = measuredOn(evaluations, splits);
    const fixed = ['oracle', 'retrieval'].flatMap((policy) =>
      views.flatMap((view) =>
        executions.map((one) => fixedJob(policy, view, rowsOf(policy, view, one), measured, 1, one)),
      ),
    );
    const arms = trainedViews.flatMap((view) =>
      executions.map((one) => ({
        algorithm: 'grpo',
        reward,
        view,
        execution: one,
        rows: rowsOf('pointer', view, one),
      })),
    );
    return [...fixed, ...armJobs(arms, options, measured)];
  },
};
export default execution;

const rowsOf = (policy: string, view: ViewName, one: Execution): Rows => ({
  views: armLabel(policy, { view, execution: one }),
});
