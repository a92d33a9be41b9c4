import type { Experiment } from '../../core/run-types.ts';
import { anchorJobs, measuredOn, trainingJob, type Evaluations } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 120 },
  { split: 'wording', tasks: 60 },
];

/** Every learner as it is, and settings that are arms of their own (docs/learners.md). */
export const arms: readonly string[] = [
  'reinforce',
  'rloo',
  'grpo',
  'grpo?scale=batch',
  'grpo?beta=0.02',
  'grpo?lossAggregation=seq-mean-token-mean',
  'dr-grpo',
  'dapo',
  'gspo',
  'step-grpo',
  'ppo',
  'ppo?shaping=1',
  'a2c',
  'best-of-n',
  'dpo',
  'behaviour-cloning',
];

const algorithms: Experiment = {
  name: 'algorithms',
  summary: 'every learner on the rubric by code, over five seeds, beside the oracle that one of them imitates',
  defaults: { seeds: 5, episodes: 2048, view: 'tool' },
  isTuned: true,
  jobs: ({ seeds, episodes, view, rewards: [reward = 'rubric'] = [], splits }) => [
    ...Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
      arms.map((algorithm) =>
        trainingJob({
          algorithm,
          reward,
          view,
          seed,
          rows: { algorithms: algorithm },
          episodes,
          evaluations: measuredOn(evaluations, splits),
        }),
      ),
    ),
    ...anchorJobs(view, measuredOn(evaluations, splits)),
  ],
};
export default algorithms;
