import { armLabel } from '../../core/arm-label.ts';
import type { Experiment } from '../../core/run-types.ts';
import { anchorJobs, comparedViews, measuredOn, trainingJob, type Evaluations } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'wording', tasks: 30 },
  { split: 'held-out-server', tasks: 30 },
];

/** What it costs and gains to load tools step by step: the same learner and reward in every view. */
const views: Experiment = {
  name: 'views',
  summary: 'a policy learnt in every view, by success and context, beside retrieval and oracle there; five seeds',
  defaults: { seeds: 5, episodes: 2048, view: 'tool' },
  isTuned: true,
  jobs: ({ seeds, episodes, view, rewards: [reward = 'rubric'] = [], splits }) => {
    const measured = measuredOn(evaluations, splits);
    return [
      ...Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
        comparedViews.map((shown) => {
          const rows = { views: armLabel('pointer', { view: shown }) };
          return trainingJob({ algorithm: 'grpo', reward, view: shown, seed, rows, episodes, evaluations: measured });
        }),
      ),
      ...anchorJobs(view, measured),
    ];
  },
};
export default views;
