import type { ToolCount } from '../../core/distractor-types.ts';
import type { Experiment } from '../../core/run-types.ts';
import { fixedJob, measuredOn, trainingJob, type Evaluations } from '../shared/jobs.ts';

/** Fewest tools of each toolspace; the last is of every server that Toolstone knows, but for the largest one. */
const sizes: readonly ToolCount[] = [30, 100, 300, 1000, 'all'];

const evaluations: Evaluations = sizes.map((tools) => ({ split: 'test', tasks: 60, tools }));

const views = ['eager', 'native', 'search', 'server', 'tool', 'tool?page=10'] as const;

/** What grows with the number of tools: context, errors and failures of each view, under policies that know nothing of the size. */
const growth: Experiment = {
  name: 'growth',
  summary:
    'success and context in every view as tools grow from 30 to 2,000; a policy learnt among 30, retrieval, oracle',
  defaults: { seeds: 10, episodes: 2048, view: 'tool' },
  // Nobody is cut by a window: which one a prompt would overflow is computed from its length.
  limits: { contextTokens: 100_000_000 },
  jobs: ({ seeds, episodes, rewards: [reward = 'rubric'] = [], splits }) => {
    const measured = measuredOn(evaluations, splits);
    const trained = Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
      views.map((view) => {
        const rows = { growth: `pointer, ${view}` };
        const tools = sizes[0];
        return trainingJob({ algorithm: 'grpo', reward, view, seed, rows, episodes, evaluations: measured, tools });
      }),
    );
    const fixed = ['retrieval', 'oracle'].flatMap((policy) =>
      views.map((view) => fixedJob(policy, view, { growth: `${policy}, ${view}` }, measured)),
    );
    return [...trained, ...fixed];
  },
};
export default growth;
