import type { Experiment } from '../../core/run-types.ts';
import { rewardNames } from '../../core/reward-types.ts';
import { viewNames } from '../../core/types.ts';
import { anchorJobs, trainingJob, type Evaluations } from '../jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 120 },
  { split: 'wording', tasks: 60 },
  { split: 'fuzzy', tasks: 60 },
  { split: 'held-out-server', tasks: 60 },
];

/** The figures of record: three rewards in the tool view, the rubric in every view, both algorithms, five seeds. */
const rewards: Experiment = {
  name: 'rewards',
  summary: 'sparse, state-share and rubric rewards over five seeds, learned views and both algorithms',
  defaults: { seeds: 5, episodes: 6016, view: 'tool' },
  jobs: ({ seeds, episodes, view, rewards: names = rewardNames }) => {
    const seedNumbers = Array.from({ length: seeds }, (_, index) => index + 1);
    const shape = { episodes, evaluations };
    return [
      ...seedNumbers.flatMap((seed) => [
        ...names.map((reward) => {
          const label = reward === 'rubric' ? { algorithms: 'GRPO, rubric', views: `pointer, ${view}` } : {};
          const rows = { rewards: reward, ...label };
          return trainingJob({ algorithm: 'grpo', reward, view, seed, rows, ...shape });
        }),
        trainingJob({
          algorithm: 'reinforce',
          reward: 'rubric',
          view,
          seed,
          rows: { algorithms: 'REINFORCE, rubric' },
          ...shape,
        }),
      ]),
      ...seedNumbers.flatMap((seed) =>
        viewNames
          .filter((shown) => shown !== view)
          .reverse()
          .map((shown) =>
            trainingJob({
              algorithm: 'grpo',
              reward: 'rubric',
              view: shown,
              seed,
              rows: { views: `pointer, ${shown}` },
              ...shape,
            }),
          ),
      ),
      ...anchorJobs(view, evaluations),
    ];
  },
};
export default rewards;
