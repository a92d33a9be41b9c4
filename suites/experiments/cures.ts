import type { Experiment } from '../../core/run-types.ts';
import { measuredOn, trainingJob, type Arm, type Evaluations } from '../jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'held-out-server', tasks: 30 },
];

const rubric = { algorithm: 'grpo', reward: 'rubric' } as const;
const row = (algorithms: string) => ({ rows: { algorithms } });

/** The learner of record, then what each of its parts contributes: one at a time taken away or changed. */
export const arms: readonly Arm[] = [
  { ...rubric, ...row('as it is') },
  { ...rubric, algorithm: 'grpo?entropyBonus=none', ...row('no entropy bonus') },
  { ...rubric, algorithm: 'grpo?entropyBonus=constant', ...row('entropy bonus of constant weight') },
  { ...rubric, algorithm: 'step-grpo', ...row('credit by step') },
  { ...rubric, algorithm: 'grpo?passes=1', ...row('one pass over each batch') },
  { ...rubric, algorithm: 'grpo?scale=none', ...row('advantages not divided') },
  { ...rubric, algorithm: 'grpo?scale=batch', ...row('divided by the batch’s deviation') },
  { ...rubric, groupSize: 4, ...row('groups of 4') },
  { ...rubric, groupSize: 16, ...row('groups of 16') },
  { ...rubric, policy: 'pointer?priors=none', ...row('no priors') },
  { ...rubric, policy: 'pointer?scalars=false', ...row('words alone, no scalars') },
  { ...rubric, curriculum: 'short-first', ...row('short tasks first') },
];

const cures: Experiment = {
  name: 'cures',
  summary:
    'what entropy control, credit, passes, normalisation, group size, features and curriculum contribute; five seeds',
  defaults: { seeds: 5, episodes: 2048, view: 'tool' },
  jobs: ({ seeds, episodes, view, splits }) =>
    Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
      arms.map((arm) => trainingJob({ ...arm, view, seed, episodes, evaluations: measuredOn(evaluations, splits) })),
    ),
};
export default cures;
