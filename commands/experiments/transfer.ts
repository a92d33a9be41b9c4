import type { Experiment } from '../../core/run-types.ts';
import { anchorJobs, measuredOn, trainingJob, type Evaluations } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 120 },
  { split: 'wording', tasks: 60 },
  { split: 'fuzzy', tasks: 60 },
  { split: 'held-out-server', tasks: 60 },
  { split: 'held-out-composition', tasks: 60 },
  { split: 'held-out-family', tasks: 60 },
  { split: 'held-out-word', tasks: 60 },
  { split: 'held-out-frame', tasks: 60 },
  { split: 'tone', tasks: 60 },
  { split: 'typo', tasks: 60 },
];

/** How well the embedded policy learns, and what it carries over to words, servers, compositions and families it never saw. */
const transfer: Experiment = {
  name: 'transfer',
  summary: 'the embedded policy at its full budget, on every split that the suite has; ten seeds',
  defaults: { seeds: 10, episodes: 6016, view: 'tool' },
  jobs: ({ seeds, episodes, view, rewards: [reward = 'rubric'] = [], splits }) => {
    const measured = measuredOn(evaluations, splits);
    const rows = { algorithms: `GRPO, ${reward}` };
    return [
      ...Array.from({ length: seeds }, (_, index) =>
        trainingJob({ algorithm: 'grpo', reward, view, seed: index + 1, rows, episodes, evaluations: measured }),
      ),
      ...anchorJobs(view, measured),
    ];
  },
};
export default transfer;
