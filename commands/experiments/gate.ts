import type { Experiment } from '../../core/run-types.ts';
import { referenceTrainings } from '../../reports/gate/looks.ts';
import { fixedJob, measuredOn, trainingJob } from '../shared/jobs.ts';

const test = [{ split: 'test', tasks: 60 }] as const;

/** The short reproducible run that the regression gate compares with its committed reference. */
const gate: Experiment = {
  name: 'gate',
  summary: 'short trainings and the deterministic baselines, for the regression gate',
  defaults: { seeds: referenceTrainings, episodes: 1024, view: 'tool' },
  jobs: ({ seeds, seedsBefore = 0, episodes, view, splits }) => [
    ...Array.from({ length: seeds }, (_, index) =>
      trainingJob({
        algorithm: 'grpo',
        reward: 'rubric',
        view,
        seed: seedsBefore + index + 1,
        episodes,
        rows: { rewards: 'rubric' },
        evaluations: measuredOn(test, splits),
      }),
    ),
    // They do not learn: once is enough.
    ...(seedsBefore > 0 ? [] : ['random', 'retrieval', 'oracle']).map((policy) =>
      fixedJob(policy, view, { algorithms: policy }, measuredOn(test, splits)),
    ),
  ],
};
export default gate;
