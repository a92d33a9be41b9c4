import { Argument } from '@commander-js/extra-typings';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { runArgument } from './shared/flags.ts';
import { pricesFlag } from './shared/server-flags.ts';

const report: CommandDefinition = {
  summary:
    'rebuild the tables and the page of a run from its records, or of a committed experiment from its rows; or compare two runs tool by tool',
  define: (command) => {
    command
      .addArgument(runArgument())
      .addArgument(
        new Argument(
          '[later]',
          'a later run of the same tasks; its report then shows what changed since the first run, tool by tool',
        ),
      )
      .option('--trainings <folder...>', 'folders of finetunings whose cost and rewards to show as well')
      .option(...pricesFlag)
      .option('--allow-drift', 'end with exit code 0 although the servers of the two runs offered different tools')
      .action(async (run, later, { trainings = [], prices: file, allowDrift = false }) => {
        const { findRun } = await import('../core/record/read-run.ts');
        const { runsFolder } = await import('./shared/places.ts');
        const { printReport } = await import('./shared/run-and-report.ts');
        const { pricesOf } = await import('./shared/prices.ts');
        const { refuseWithoutRows } = await import('./shared/records.ts');
        const { of: moneyOf } = pricesOf(file);
        const first = findRun(run, runsFolder);
        refuseWithoutRows(first, later !== undefined || trainings.length > 0);
        const [folder, earlier] = later === undefined ? [first, undefined] : [findRun(later, runsFolder), first];
        const { drift } = await printReport(folder, { finetunings: trainings, earlier, moneyOf });
        if (drift.length > 0 && !allowDrift) process.exitCode = exitCodes.incomparable;
      });
  },
};
export default report;
