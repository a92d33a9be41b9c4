import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { judgeOption, runArgument } from './shared/flags.ts';
import { runsFolder } from './shared/places.ts';
import { print } from './shared/printing.ts';

const restamping: CommandDefinition = {
  summary:
    'mark records of a judge as valid for its current code, after proving on a stored run that its verdicts are equal (docs/judges.md)',
  define: async (command) => {
    command
      .addArgument(runArgument('; its verdicts are those of an older build of the judge'))
      .addOption(await judgeOption())
      .option('--records <file...>', 'record files to change; by default those that come with Toolstone')
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
