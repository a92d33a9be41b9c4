import type { Calibration } from '../../core/calibration-types.ts';
import stampText from '../../core/calibration-stamp.ts';
import type { JudgeTrainFlags } from '../../core/judge-commands.ts';
import { attended } from '../../core/run-jobs.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Split } from '../../core/types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import type { AttackRates } from '../../judges/attack-rate.ts';
import { parseWeights, weightsText } from '../../judges/embedded/weights.ts';
import { attackedEpisodes } from '../attacks/attacked-run.ts';
import { suiteNamed } from '../catalogue.ts';
import { agreementOn, attacksOn, calibrationsOf } from './judge-measuring.ts';
import { plantedEpisodes, trainOnPlanted } from './judge-training.ts';
import { witnessed } from './witnessed.ts';

export interface MadeJudge {
  /** Text of the weights' file. */
  readonly weights: string;
  readonly calibrations: readonly Calibration[];
  /** JSON of the stamps, and of the attacks with how many got through. */
  readonly measured: string;
  /** The figures in words, a line each. */
  readonly said: string;
}

/** A run whose episodes are judged too. */
export interface PoliciesRun {
  readonly folder: string;
  readonly manifest: Manifest;
}

const suiteName = 'broad';
const trainingSet = { split: 'train', tasks: 400, perTask: 10 } as const;
const validationSet = { split: 'validation', tasks: 48, perTask: 12 } as const;
const testSet = { split: 'test', tasks: 96, perTask: 12 } as const;
const attackedTasks = 40;

/**
 * `toolstone judge-train`: plants defects into tasks of suite `broad`, trains the embedded judge on what holds nothing
 * held out, calibrates it on tasks of the validation split, and measures it on those of the test split, on attacked
 * episodes, and on those of a run. Equal seeds give equal bytes, however many lanes.
 */
export async function makeJudge(flags: JudgeTrainFlags, run: PoliciesRun | null): Promise<MadeJudge> {
  const { seed, concurrency: lanes } = flags;
  const suite = await suiteNamed(suiteName);
  const pool = openWorldPool({ lanes });
  const given = { suite, seed, pool, lanes };
  try {
    return await attended(async (signal, onProgress) => {
      const planted = (set: { split: Split; tasks: number; perTask: number }) =>
        plantedEpisodes({ ...given, ...set, signal, onProgress: (done, all) => onProgress(done, all, set.split) });
      const [train, validation, test] = [
        await planted(trainingSet),
        await planted(validationSet),
        await planted(testSet),
      ];
      const passes = 8;
      const onPass = (pass: number) => onProgress(pass + 1, passes, 'passes');
      const { network, line } = trainOnPlanted(train, validation, { seed, passes, onPass });
      const weights = weightsText(network, line);
      const judge = parseWeights(weights, 'just made');
      const calibrations = calibrationsOf(judge, test);
      if (run) {
        const policies = witnessed(run.folder, run.manifest, await suiteNamed(run.manifest.suite));
        calibrations.push(agreementOn(judge, `embedded, policies of run ${run.manifest.name}`, policies));
      }
      const { episodes } = await attackedEpisodes({ ...given, split: 'test', tasks: attackedTasks, signal });
      const tasks = new Map(suite.tasks('test', attackedTasks).map((task) => [task.id, task]));
      const attacks = attacksOn(judge, episodes, tasks);
      return {
        weights,
        calibrations,
        measured: measuredText(calibrations, attacks),
        said: said(calibrations, attacks),
      };
    });
  } finally {
    await pool.dispose();
  }
}

const measuredText = (calibrations: readonly Calibration[], attacks: AttackRates): string =>
  `${JSON.stringify({ stamps: calibrations.map(({ stamp }) => stamp), attacks }, null, 2)}\n`;

function said(calibrations: readonly Calibration[], { overall }: AttackRates): string {
  const parts = calibrations.flatMap(({ stamp, byTag }) => [
    stampText(stamp),
    ...Object.entries(byTag).map(
      ([tag, { items, balancedAccuracy }]) =>
        `  ${tag}: ${balancedAccuracy?.value.toFixed(3) ?? 'undefined'} (${items})`,
    ),
  ]);
  return [...parts, `attacks: ${overall.fooled} of ${overall.failed} broken criteria pass once dressed up`].join('\n');
}
