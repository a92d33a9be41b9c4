import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { judgeOption, runArgument } from './shared/flags.ts';
import { runsFolder } from './shared/places.ts';
import { print } from './shared/printing.ts';

const restamping: CommandDefinition = {
  summary: 'give records of a judge the build of today, proven equal on a stored run (docs/judges.md)',
  define: async (command) => {
    command
      .addArgument(runArgument(', whose verdicts an older build of the judge made'))
      .addOption(await judgeOption())
      .option('--records <file...>', 'records to change; by default those that come with Toolstone')
      .action(async (name, { judge, records }) => {
        const { findRun } = await import('../core/record/read-run.ts');
        const { restamp } = await import('./shared/restamp-records.ts');
        const { isEqual, report } = await restamp(findRun(name, runsFolder), {
          judge,
          ...(records ? { records } : {}),
        });
        print(report);
        if (!isEqual) process.exitCode = exitCodes.regressed;
      });
  },
};
export default restamping;
