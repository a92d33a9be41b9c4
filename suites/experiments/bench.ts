import type { Experiment, ExperimentOptions, Job } from '../../core/run-types.ts';
import { rewardNames } from '../../core/reward-types.ts';
import { anchorJobs, trainingJob, type Evaluations } from '../jobs.ts';

const trained: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'wording', tasks: 30 },
  { split: 'fuzzy', tasks: 30 },
  { split: 'held-out-server', tasks: 30 },
];
const fixed: Evaluations = [{ split: 'test', tasks: 60 }];

/** The main job: three rewards, three views and the algorithms side by side, small enough for two minutes on two cores. */
const bench: Experiment = {
  name: 'bench',
  summary: 'rewards, views and algorithms side by side, in about two minutes on two cores',
  defaults: { seeds: 2, episodes: 2048, view: 'tool' },
  jobs: ({ seeds, episodes, view, rewards = rewardNames }: ExperimentOptions) => {
    const jobs: Job[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      for (const reward of rewards) {
        const rows = reward === 'rubric' ? { rewards: reward, algorithms: 'GRPO, rubric' } : { rewards: reward };
        jobs.push(trainingJob({ algorithm: 'grpo', reward, view, seed, episodes, rows, evaluations: trained }));
      }
      const rows = { algorithms: 'REINFORCE, rubric' };
      jobs.push(
        trainingJob({ algorithm: 'reinforce', reward: 'rubric', view, seed, episodes, rows, evaluations: fixed }),
      );
    }
    return [...jobs, ...anchorJobs(view, fixed)];
  },
};
export default bench;
