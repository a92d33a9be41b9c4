import type { Experiment } from '../../core/run-types.ts';
import { measuredOn, trainingJob, type Arm, type Evaluations } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'held-out-server', tasks: 30 },
];

const grpo = { algorithm: 'grpo' } as const;
const row = (algorithms: string) => ({ rows: { algorithms } });

/** The learner of record, then what each of its parts contributes: one at a time taken away or changed. */
export const arms: readonly Omit<Arm, 'reward'>[] = [
  { ...grpo, ...row('as it is') },
  { ...grpo, algorithm: 'grpo?entropyBonus=none', ...row('no entropy bonus') },
  { ...grpo, algorithm: 'grpo?entropyBonus=constant', ...row('entropy bonus of constant weight') },
  { ...grpo, algorithm: 'step-grpo', ...row('credit by step') },
  { ...grpo, algorithm: 'grpo?passes=1', ...row('one pass over each batch') },
  { ...grpo, algorithm: 'grpo?scale=none', ...row('advantages not divided') },
  { ...grpo, algorithm: 'grpo?scale=batch', ...row('divided by the batch’s deviation') },
  { ...grpo, groupSize: 4, ...row('groups of 4') },
  { ...grpo, groupSize: 16, ...row('groups of 16') },
  { ...grpo, policy: 'pointer?priors=none', ...row('no priors') },
  { ...grpo, policy: 'pointer?scalars=false', ...row('words alone, no scalars') },
  { ...grpo, curriculum: 'short-first', ...row('short tasks first') },
];

const ablations: Experiment = {
  name: 'ablations',
  summary:
    'what entropy control, credit, passes, normalisation, group size, features and curriculum contribute; five seeds',
  defaults: { seeds: 5, episodes: 2048, view: 'tool' },
  jobs: ({ seeds, episodes, view, rewards: [reward = 'rubric'] = [], splits }) =>
    Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
      arms.map((arm) =>
        trainingJob({ ...arm, reward, view, seed, episodes, evaluations: measuredOn(evaluations, splits) }),
      ),
    ),
};
export default ablations;
