import { armLabel } from '../../core/arm-label.ts';
import type { Experiment, ExperimentOptions, Job } from '../../core/run-types.ts';
import { rewardNames, type RewardName } from '../../core/reward-types.ts';
import {
  anchorJobs,
  comparedViews,
  fixedJob,
  measuredOn,
  trainingJob,
  type Arm,
  type Evaluations,
} from '../shared/jobs.ts';

const trained: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'wording', tasks: 30 },
  { split: 'fuzzy', tasks: 30 },
  { split: 'held-out-server', tasks: 30 },
];
const fixed: Evaluations = [{ split: 'test', tasks: 60 }];

/** What the rewards table compares: rewards, and of the rubric who says how far it is met. */
const arms = (rewards: readonly RewardName[]): readonly Omit<Arm, 'algorithm'>[] =>
  rewards.flatMap((reward): readonly Omit<Arm, 'algorithm'>[] =>
    reward === 'rubric'
      ? [
          { reward, rows: { rewards: 'rubric', algorithms: 'GRPO, rubric' } },
          { reward, judge: { name: 'embedded' }, rows: { rewards: 'rubric, embedded judge' } },
        ]
      : [{ reward, rows: { rewards: reward } }],
  );

/** By policy that solves something without learning. Where it is offered both, retrieval calls tools one at a time all the same. */
const programExecutions = { retrieval: ['programs'], oracle: ['programs', 'both'] } as const;

/** The same policies as among the anchors, which call tools one at a time, with programs. */
const byPrograms = (evaluations: Evaluations): Job[] =>
  Object.entries(programExecutions).flatMap(([policy, executions]) =>
    comparedViews.flatMap((view) =>
      executions.map((execution) => {
        const rows = { views: armLabel(policy, { view, execution }) };
        return fixedJob(policy, view, rows, evaluations, 1, execution);
      }),
    ),
  );

/** The main job: rewards, views, executions and the algorithms side by side, small enough for three minutes on two cores. */
const bench: Experiment = {
  name: 'bench',
  summary: 'rewards, views, executions and algorithms side by side, in some three minutes on two cores',
  defaults: { seeds: 2, episodes: 2048, view: 'tool' },
  jobs: ({ seeds, episodes, view, rewards = rewardNames, splits }: ExperimentOptions) => {
    const jobs: Job[] = [];
    const [ofTrained, ofFixed] = [measuredOn(trained, splits), measuredOn(fixed, splits)];
    for (let seed = 1; seed <= seeds; seed++) {
      const sizes = { view, seed, episodes };
      for (const arm of arms(rewards))
        jobs.push(trainingJob({ algorithm: 'grpo', evaluations: ofTrained, ...sizes, ...arm }));
      const rows = { algorithms: 'REINFORCE, rubric' };
      if (rewards.includes('rubric'))
        jobs.push(trainingJob({ algorithm: 'reinforce', reward: 'rubric', evaluations: ofFixed, ...sizes, rows }));
    }
    return [...jobs, ...anchorJobs(view, ofFixed), ...byPrograms(ofFixed)];
  },
};
export default bench;
