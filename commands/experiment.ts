import { join, resolve } from 'node:path';
import { modulesIn } from '../core/list.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import {
  concurrencyOption,
  episodesOption,
  freshOption,
  outOption,
  rewardOption,
  seedsOption,
  suiteOption,
  viewOption,
} from './shared/flags.ts';

const experiment: CommandDefinition = {
  summary: 'run a long experiment, and write its tables to reports/reference/experiments',
  define: (command) => {
    const names = modulesIn(new URL('./experiments/', import.meta.url));
    addServerFlags(command);
    addCountingFlags(command);
    command
      .argument('<name>', `one of: ${names.join(', ')}`)
      .addOption(suiteOption())
      .addOption(outOption())
      .addOption(freshOption())
      .addOption(concurrencyOption())
      .addOption(viewOption())
      .addOption(rewardOption('train on this reward only'))
      .addOption(seedsOption())
      .addOption(episodesOption())
      .option('--rows <label...>', 'run only the jobs behind these rows of the tables')
      .option('--judge <name>', 'the judge for the experiment `language-judge`, written as for `train --judge`')
      .action(async (name, options) => {
        const { runExperiment } = await import('./shared/run-and-report.ts');
        await writeTablesOfRecord(await runExperiment('experiment', name, options), name, options.judge);
      });
  },
};
export default experiment;

/** The tables of an experiment's run, with its manifest, below `reports/reference/experiments`. */
async function writeTablesOfRecord(folder: string, name: string, judge: string | undefined): Promise<void> {
  const { writeWhole } = await import('../core/record/files.ts');
  const { default: readRun } = await import('../core/record/read-run.ts');
  const { default: knownAttacks } = await import('../judges/calibration/known-attacks.ts');
  const { default: writeTables, tablesOf, writeNotes } = await import('../reports/write-tables.ts');
  const { trainingTimingsTable } = await import('../reports/tables/timings.ts');
  const { withPhrasings } = await import('../reports/arms/arms.ts');
  const { phrasingsOf } = await import('./shared/phrasings.ts');
  const { recordName } = await import('./shared/jobs.ts');
  const { print, shownPath } = await import('./shared/printing.ts');
  const run = withPhrasings(readRun(folder), await phrasingsOf(folder));
  const target = resolve('reports/reference/experiments', recordName(name, run.manifest.suite, judge));
  writeTables(target, [...tablesOf([run], knownAttacks()), trainingTimingsTable([run])]);
  writeNotes(target, run);
  writeWhole(join(target, 'manifest.json'), `${JSON.stringify(run.manifest, null, 2)}\n`);
  print(`Tables of record: ${shownPath(target)}`);
}
