import type { Split, Suite, WorldPool } from '../../core/types.ts';
import type { JudgeNetwork } from '../../judges/embedded/network.ts';
import { fitLine, type Line } from '../../judges/embedded/platt.ts';
import { logitsOf, trainJudge } from '../../judges/embedded/training.ts';
import { examplesOf, itemsToTrainOn, plainExamples } from './examples.ts';
import { statementExamples, trainable } from './statement-examples.ts';
import { defectsIn } from '../defects/defect-list.ts';
import { choosePlantings, plant, type Planted } from '../defects/plant.ts';

export interface PlantedEpisodesOptions {
  readonly suite: Suite;
  readonly split: Split;
  readonly tasks: number;
  readonly perTask: number;
  readonly seed: number;
  readonly pool: WorldPool;
  readonly lanes: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Planted trajectories with their labels, in an order that lanes cannot change. */
export async function plantedEpisodes(options: PlantedEpisodesOptions): Promise<Planted[]> {
  const plantings = choosePlantings({ ...options, defects: await defectsIn('calls') });
  const planted: Planted[] = [];
  let done = 0;
  await plant(plantings, options, (episode, index) => {
    planted[index] = episode;
    options.onProgress?.(++done, plantings.length);
  });
  return planted;
}

/** Over the examples, each pass with other words. */
export const defaultPasses = 6;

/** Trains on those of `train` that hold nothing held out, and calibrates on those of `validation`. Pure. */
export function trainOnPlanted(
  train: readonly Planted[],
  validation: readonly Planted[],
  {
    seed,
    passes = defaultPasses,
    onPass,
  }: { seed: number; passes?: number; onPass?: (pass: number, loss: number) => void },
): { readonly network: JudgeNetwork; readonly line: Line } {
  const items = itemsToTrainOn(train);
  const episodes = trainable(train);
  const draw = (pass: number) => [...examplesOf(items, seed, pass), ...statementExamples(episodes, seed, pass)];
  const network = trainJudge({ seed, passes, draw, ...(onPass ? { onPass } : {}) });
  const known = [
    ...plainExamples(itemsToTrainOn(validation)),
    ...statementExamples(trainable(validation), seed, 'validation'),
  ];
  return {
    network,
    line: fitLine(
      logitsOf(network, known),
      known.map(({ label }) => label),
    ),
  };
}
