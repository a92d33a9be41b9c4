import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttackRates, Calibration } from '../core/calibration-types.ts';
import { UsageError } from '../core/errors.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { wholeNumber } from './shared/flag-values.ts';
import { parallelOption, seedOption } from './shared/flags.ts';
import { runsFolder } from './shared/places.ts';
import { print, shownPath } from './shared/printing.ts';

const judgeTrain: CommandDefinition = {
  summary: 'train the embedded judge on planted defects, and measure it (docs/judges.md)',
  define: (command) => {
    addServerFlags(command);
    command
      .addOption(seedOption('random seed of the planted defects and of the weights').default(1))
      .option('--policies <run>', 'also measure it on the episodes of this run')
      .option('--limit <n>', 'largest number of tasks per set, for a quick look; needs --out', wholeNumber)
      .option('--out <file>', 'file for the weights; by default those that come with Toolstone are replaced')
      .option(
        '--tables <folder>',
        'folder for the tables of what was measured',
        'reports/reference/experiments/embedded-judge',
      )
      .addOption(parallelOption('episodes in parallel'))
      .action(async ({ seed, policies, limit, out, tables: tablesPath, concurrency }) => {
        if (limit !== undefined && out === undefined)
          throw new UsageError(
            'The weights of a quick look would replace those that come with Toolstone. Name a file with --out.',
          );
        const { writeWhole } = await import('../core/record/files.ts');
        const { findRun, readManifest } = await import('../core/record/read-run.ts');
        const { ownWeights } = await import('../judges/embedded/weights.ts');
        const { makeJudge } = await import('../meta-evaluation/judge-training/make-judge.ts');
        const { default: writeCalibration } = await import('../reports/write-calibration.ts');
        const { tellConfinement } = await import('./shared/confinement.ts');
        tellConfinement();
        const folder = policies === undefined ? null : findRun(policies, runsFolder);
        const run = folder === null ? null : { folder, manifest: readManifest(folder) };
        const { weights, calibrations, attacks } = await makeJudge({ seed, lanes: concurrency, mostTasks: limit, run });
        const tables = resolve(tablesPath);
        writeWhole(out === undefined ? fileURLToPath(ownWeights) : resolve(out), weights);
        writeCalibration(tables, calibrations);
        writeWhole(join(tables, 'attacks.json'), `${JSON.stringify(attacks, null, 2)}\n`);
        print(`${await figuresText(calibrations, attacks)}\nTables: ${shownPath(tables)}`);
      });
  },
};
export default judgeTrain;

async function figuresText(calibrations: readonly Calibration[], { overall }: AttackRates): Promise<string> {
  const { default: stampText } = await import('../core/record/calibration-stamp.ts');
  const lines = calibrations.flatMap(({ stamp, byTag }) => [
    stampText(stamp),
    ...Object.entries(byTag).map(
      ([tag, { items, balancedAccuracy }]) =>
        `  ${tag}: ${balancedAccuracy?.value.toFixed(3) ?? 'undefined'} (${items})`,
    ),
  ]);
  return [...lines, `attacks: ${overall.fooled} of ${overall.failed} broken criteria pass once dressed up`].join('\n');
}
