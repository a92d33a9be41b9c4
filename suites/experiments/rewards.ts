import type { Experiment } from '../../core/run-types.ts';
import type { RewardName, ViewName } from '../../core/types.ts';
import { fixedJob, trainingJob, type Evaluations } from '../jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 120 },
  { split: 'wording', tasks: 60 },
  { split: 'fuzzy', tasks: 60 },
  { split: 'held-out-server', tasks: 60 },
];
const rewardNames: readonly RewardName[] = ['sparse', 'state-share', 'rubric'];
const views: readonly ViewName[] = ['eager', 'server', 'tool'];

/** The figures of record: three rewards in the tool view, the rubric in every view, both algorithms, five seeds. */
const rewards: Experiment = {
  name: 'rewards',
  summary: 'sparse, state-share and rubric rewards over five seeds, learned views and both algorithms',
  defaults: { seeds: 5, episodes: 6016, view: 'tool' },
  jobs: ({ seeds, episodes, view, rewards: names = rewardNames }) => [
    ...Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) => [
      ...names.map((reward) => {
        const label = reward === 'rubric' ? { algorithms: 'GRPO, rubric', views: `pointer, ${view}` } : {};
        const rows = { rewards: reward, ...label };
        return trainingJob({ algorithm: 'grpo', reward, view, seed, episodes, rows, evaluations });
      }),
      trainingJob({
        algorithm: 'reinforce',
        reward: 'rubric',
        view,
        seed,
        episodes,
        rows: { algorithms: 'REINFORCE, rubric' },
        evaluations,
      }),
      ...views
        .filter((shown) => shown !== view)
        .map((shown) =>
          trainingJob({
            algorithm: 'grpo',
            reward: 'rubric',
            view: shown,
            seed,
            episodes,
            rows: { views: `pointer, ${shown}` },
            evaluations,
          }),
        ),
    ]),
    ...['no-op', 'random'].map((policy) => fixedJob(policy, view, { algorithms: policy }, evaluations)),
    ...['retrieval', 'oracle'].flatMap((policy) =>
      views.map((shown) =>
        fixedJob(
          policy,
          shown,
          { views: `${policy}, ${shown}`, ...(shown === view ? { algorithms: policy } : {}) },
          evaluations,
        ),
      ),
    ),
  ],
};
export default rewards;
