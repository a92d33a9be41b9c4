import { armLabel } from '../../core/arm-label.ts';
import type { ToolCount } from '../../core/distractor-types.ts';
import type { Execution } from '../../core/execution.ts';
import type { Experiment } from '../../core/run-types.ts';
import type { ViewName } from '../../core/types.ts';
import { armJobs, fixedJob, measuredOn, type Evaluations, type Rows } from '../shared/jobs.ts';

/** Fewest tools of each toolspace; the last is of every server that Toolstone knows, but for the largest one. */
const sizes: readonly ToolCount[] = [30, 100, 300, 1000, 'all'];

const evaluations: Evaluations = sizes.map((tools) => ({ split: 'test', tasks: 60, tools }));

/** A way of showing tools and of calling them. */
interface Way {
  readonly view: ViewName;
  readonly execution: Execution;
}

const ways: readonly Way[] = [
  ...['eager', 'native', 'search', 'server', 'tool', 'tool?page=10'].map((view): Way => ({ view, execution: 'calls' })),
  ...['eager', 'search', 'tool'].map((view): Way => ({ view, execution: 'programs' })),
];

const rowsOf = (policy: string, way: Way): Rows => ({ growth: armLabel(policy, way) });

/** Policies that are not trained here, as tables call them. */
const unlearnt = [
  ['pointer:untrained', 'untrained'],
  ['retrieval', 'retrieval'],
  ['oracle', 'oracle'],
] as const;

/** What grows with the number of tools: context, errors and failures of each view, under policies that know nothing of the size. */
const growth: Experiment = {
  name: 'growth',
  summary:
    'success and context in every view, by calls and programs, as tools grow from 30 to 2,000; a policy learnt among 30, one untrained, retrieval, oracle',
  defaults: { seeds: 10, episodes: 2048, view: 'tool' },
  // Nobody is cut by a window: which one a prompt would overflow is computed from its length.
  limits: { contextTokens: 100_000_000 },
  jobs: (options) => {
    const { rewards: [reward = 'rubric'] = [], splits } = options;
    const measured = measuredOn(evaluations, splits);
    const arms = ways.map((way) => ({
      algorithm: 'grpo',
      reward,
      ...way,
      tools: sizes[0],
      rows: rowsOf('pointer', way),
    }));
    const fixed = unlearnt.flatMap(([policy, name]) =>
      ways.map(({ view, execution }) =>
        fixedJob(policy, view, rowsOf(name, { view, execution }), measured, 1, execution),
      ),
    );
    return [...armJobs(arms, options, measured), ...fixed];
  },
};
export default growth;
