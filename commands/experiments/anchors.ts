import { armLabel } from '../../core/arm-label.ts';
import type { Experiment } from '../../core/run-types.ts';
import { fixedJob, type Rows } from '../shared/jobs.ts';

/** Where a suite's scale begins and ends: random calls, a policy that only matches words, and the reference plan. */
const anchors: Experiment = {
  name: 'anchors',
  summary: 'floor, retrieval and ceiling of a suite; what `toolstone suites --measure` runs',
  defaults: { seeds: 1, episodes: 120, view: 'tool' },
  jobs: ({ episodes, view, split = 'test' }) => {
    const evaluations = [{ split, tasks: episodes }];
    const rows = (policy: string, shown: string): Rows => ({
      views: armLabel(policy, { view: shown }),
      ...(shown === view ? { algorithms: policy } : {}),
    });
    return [
      ...['random', 'retrieval', 'oracle'].map((policy) => fixedJob(policy, view, rows(policy, view), evaluations)),
      fixedJob('oracle', 'eager', rows('oracle', 'eager'), evaluations),
    ];
  },
};
export default anchors;
