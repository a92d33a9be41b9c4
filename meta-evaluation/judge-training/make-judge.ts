import type { AttackRates, Calibration } from '../../core/calibration-types.ts';
import { attended } from '../../core/run/run-jobs.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Split } from '../../core/types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { parseWeights, weightsText } from '../../judges/embedded/weights.ts';
import { attackedEpisodes } from '../attacks/attacked-run.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { recordedSuite } from '../../suites/tasks/without-servers.ts';
import { agreementOn, attacksOn, calibrationsOf } from './measuring.ts';
import { statementCalibrations } from './statement-measuring.ts';
import { defaultPasses, plantedEpisodes, trainOnPlanted } from './training.ts';
import { labelledRun } from '../defects/labelled-run.ts';

const suiteName = 'broad';
const trainingSet = { split: 'train', tasks: 400, perTask: 10 } as const;
const validationSet = { split: 'validation', tasks: 48, perTask: 12 } as const;
const testSet = { split: 'test', tasks: 96, perTask: 12 } as const;
const attackedTasks = 40;

export interface JudgeTrainingOptions {
  /** Of what is planted and of the weights. */
  readonly seed: number;
  /** Episodes at once; changes no number. */
  readonly lanes: number;
  /** Tasks of each set at most, for a quick look; by default those of record. */
  readonly mostTasks: number | undefined;
  /** A run whose episodes the judge is measured on, too. */
  readonly run: { readonly folder: string; readonly manifest: Manifest } | null;
}

export interface TrainedJudge {
  /** Text of the file of weights. */
  readonly weights: string;
  readonly calibrations: readonly Calibration[];
  readonly attacks: AttackRates;
}

/**
 * Plants defects into tasks of suite `broad`, trains the embedded judge on what holds nothing held out, calibrates it on
 * tasks of the validation split, and measures it on those of the test split, on attacked episodes, and on those of a run.
 * Equal seeds give equal weights and figures, however many lanes. Throws `Interrupted`.
 */
export async function makeJudge(options: JudgeTrainingOptions): Promise<TrainedJudge> {
  const { seed, lanes, mostTasks = Infinity, run } = options;
  const suite = await suiteNamed(suiteName);
  const pool = openWorldPool({ lanes });
  const world = { suite, seed, pool, lanes };
  try {
    return await attended(async (signal, onProgress) => {
      const planted = (set: { split: Split; tasks: number; perTask: number }) =>
        plantedEpisodes({
          ...world,
          ...set,
          tasks: Math.min(set.tasks, mostTasks),
          signal,
          onProgress: (done, all) => onProgress(done, all, set.split),
        });
      const [train, validation, test] = [
        await planted(trainingSet),
        await planted(validationSet),
        await planted(testSet),
      ];
      const onPass = (pass: number) => onProgress(pass + 1, defaultPasses, 'passes');
      const { network, line } = trainOnPlanted(train, validation, { seed, onPass });
      const weights = weightsText(network, line);
      const judge = parseWeights(weights, 'just made');
      const calibrations = [...calibrationsOf(judge, test), ...statementCalibrations(judge, test)];
      if (run) {
        const { folder, manifest } = run;
        const policies = labelledRun(folder, manifest, await recordedSuite(manifest));
        calibrations.push(agreementOn(judge, `embedded, policies of run ${manifest.name}`, policies));
      }
      const attackedOnes = Math.min(attackedTasks, mostTasks);
      const { episodes } = await attackedEpisodes({ ...world, split: 'test', tasks: attackedOnes, signal });
      const tasks = new Map(suite.tasks('test', attackedOnes).map((task) => [task.id, task]));
      const attacks = attacksOn(judge, episodes, tasks);
      return { weights, calibrations, attacks };
    });
  } finally {
    await pool.dispose();
  }
}
