import { UsageError } from '../../core/errors.ts';
import type { Experiment } from '../../core/run-types.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import { measuredOn, trainingJob, type Evaluations } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 76 },
  { split: 'wording', tasks: 76 },
  { split: 'held-out-server', tasks: 60 },
  { split: 'held-out-composition', tasks: 60 },
  { split: 'held-out-family', tasks: 60 },
];

/** Shares of a suite's families that are trained on. */
const shares = [1 / 8, 1 / 4, 1 / 2, 1];

/**
 * Whether more families in training help with what was never trained: the same number of demonstrations over ever more
 * families. Each seed draws an order, of which narrower trainings get the beginning. Imitation, since it learns so much of
 * a broad suite within a few thousand episodes.
 */
const breadth: Experiment = {
  name: 'breadth',
  summary: 'as many demonstrations over ever more task families, on every split that the suite has; five seeds',
  defaults: { seeds: 5, episodes: 4096, view: 'tool' },
  jobs: ({ seeds, episodes, view, rewards: [reward = 'rubric'] = [], splits, families = [] }) => {
    if (splits && !splits.includes('held-out-family')) {
      throw new UsageError('Experiment breadth measures on families that nothing trains on: give --suite broad.');
    }
    return Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) => {
      const order = randomStream(seedOf('breadth', seed)).shuffle(families);
      const counts = [...new Set(shares.map((share) => Math.max(1, Math.round(share * order.length))))];
      return counts.map((count) =>
        trainingJob({
          algorithm: 'behaviour-cloning',
          reward,
          view,
          seed,
          ...(count < order.length ? { families: order.slice(0, count) } : {}),
          rows: { algorithms: `${count} of ${order.length} families` },
          episodes,
          evaluations: measuredOn(evaluations, splits),
        }),
      );
    });
  },
};
export default breadth;
