import type { Experiment } from '../../core/run-types.ts';
import { fixedJob, measuredOn, trainingJob, type Arm, type Evaluations } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'wording', tasks: 60 },
  { split: 'held-out-word', tasks: 60 },
  { split: 'held-out-frame', tasks: 60 },
  { split: 'typo', tasks: 60 },
  { split: 'fuzzy', tasks: 60 },
  { split: 'held-out-server', tasks: 60 },
  { split: 'held-out-family', tasks: 60 },
];

/** What the policy reads of a word: its stem, as in every other record, or a vector that was made once of all words. */
export const arms: readonly Omit<Arm, 'reward'>[] = [
  { algorithm: 'grpo', rows: { algorithms: 'stems' } },
  { algorithm: 'grpo', policy: 'pointer?words=vectors', rows: { algorithms: 'vectors of words' } },
];

/** Whether vectors of words carry a policy over to words that no training prompt had. */
const words: Experiment = {
  name: 'words',
  summary:
    'the embedded policy with stems and with vectors of words, on words and sentences never trained on; ten seeds',
  defaults: { seeds: 10, episodes: 6016, view: 'tool' },
  jobs: ({ seeds, episodes, view, rewards: [reward = 'rubric'] = [], splits }) => {
    const measured = measuredOn(evaluations, splits);
    return [
      ...Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
        arms.map((arm) => trainingJob({ ...arm, reward, view, seed, episodes, evaluations: measured })),
      ),
      fixedJob('pointer:untrained', view, { algorithms: 'untrained' }, measured),
    ];
  },
};
export default words;
