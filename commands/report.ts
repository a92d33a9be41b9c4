import { Argument } from '@commander-js/extra-typings';
import type { CommandDefinition } from './shared/definition.ts';
import { runArgument } from './shared/flags.ts';

const report: CommandDefinition = {
  summary: 'make tables and page of a run again from its files, or of two what changed between them by tool',
  define: (command) => {
    command
      .addArgument(runArgument())
      .addArgument(
        new Argument(
          '[later]',
          'a later run of the same tasks: its report tells what changed by tool since the first, changed descriptions by name',
        ),
      )
      .option('--trainings <folder...>', 'finetunings whose cost and rewards are to stand beside it')
      .action(async (run, later, { trainings = [] }) => {
        const { findRun } = await import('../core/record/read-run.ts');
        const { runsFolder } = await import('./shared/places.ts');
        const { printReport } = await import('./shared/run-and-report.ts');
        const first = findRun(run, runsFolder);
        const [folder, earlier] = later === undefined ? [first, undefined] : [findRun(later, runsFolder), first];
        printReport(folder, { finetunings: trainings, earlier });
      });
  },
};
export default report;
