import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttackRates, Calibration } from '../../core/calibration-types.ts';
import stampText from '../../core/record/calibration-stamp.ts';
import type { JudgeTrainFlags } from '../../commands/shared/judge-commands.ts';
import { attended } from '../../core/run/run-jobs.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Split } from '../../core/types.ts';
import { writeWhole } from '../../core/record/files.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { ownWeights, parseWeights, weightsText } from '../../judges/embedded/weights.ts';
import { attackedEpisodes } from '../attacks/attacked-run.ts';
import { suiteNamed } from '../../suites/tasks/suites.ts';
import { agreementOn, attacksOn, calibrationsOf } from './measuring.ts';
import { plantedEpisodes, trainOnPlanted } from './training.ts';
import { witnessed } from '../defects/labelled-run.ts';

/** What the command line knows and this does not. */
export interface Surroundings {
  readonly runsFolder: string;
  readonly findRun: (name: string, folder: string) => string;
  readonly readManifest: (folder: string) => Manifest;
  readonly writeCalibration: (folder: string, calibrations: readonly Calibration[]) => readonly string[];
}

const suiteName = 'broad';
const trainingSet = { split: 'train', tasks: 400, perTask: 10 } as const;
const validationSet = { split: 'validation', tasks: 48, perTask: 12 } as const;
const testSet = { split: 'test', tasks: 96, perTask: 12 } as const;
const attackedTasks = 40;

/**
 * `toolstone judge-train`: plants defects into tasks of suite `broad`, trains the embedded judge on what holds nothing
 * held out, calibrates it on tasks of the validation split, and measures it on those of the test split, on attacked
 * episodes, and on those of a run. Equal seeds give equal bytes, however many lanes. Returns the figures in words.
 */
export async function makeJudge(flags: JudgeTrainFlags, around: Surroundings): Promise<string> {
  const path = flags.policies === undefined ? null : around.findRun(flags.policies, around.runsFolder);
  const { weights, calibrations, attacks } = await made(flags, path === null ? null : around.readManifest(path), path);
  const tables = resolve(flags.tables);
  writeWhole(flags.out === undefined ? fileURLToPath(ownWeights) : resolve(flags.out), weights);
  around.writeCalibration(tables, calibrations);
  writeWhole(join(tables, 'attacks.json'), `${JSON.stringify(attacks, null, 2)}\n`);
  return `${said(calibrations, attacks)}\nTables: ${relative(process.cwd(), tables)}`;
}

async function made(flags: JudgeTrainFlags, manifest: Manifest | null, folder: string | null) {
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
      if (manifest && folder !== null) {
        const policies = witnessed(folder, manifest, await suiteNamed(manifest.suite));
        calibrations.push(agreementOn(judge, `embedded, policies of run ${manifest.name}`, policies));
      }
      const { episodes } = await attackedEpisodes({ ...given, split: 'test', tasks: attackedTasks, signal });
      const tasks = new Map(suite.tasks('test', attackedTasks).map((task) => [task.id, task]));
      const attacks = attacksOn(judge, episodes, tasks);
      return { weights, calibrations, attacks };
    });
  } finally {
    await pool.dispose();
  }
}

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
