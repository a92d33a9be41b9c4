import type { CommandDefinition } from './shared/definition.ts';
import { runArgument } from './shared/flags.ts';

const report: CommandDefinition = {
  summary: 'make tables and page of a run again from its files',
  define: (command) => {
    command
      .addArgument(runArgument())
      .option('--trainings <folder...>', 'finetunings whose cost and rewards are to stand beside it')
      .action(async (run, { trainings }) => {
        const { findRun } = await import('../core/record/read-run.ts');
        const { runsFolder } = await import('./shared/places.ts');
        const { printReport } = await import('./shared/run-and-report.ts');
        await printReport(findRun(run, runsFolder), trainings);
      });
  },
};
export default report;
