import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { runArgument, runTasksOption } from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { addWireFlag, pricesFlag } from './shared/server-flags.ts';

const verify: CommandDefinition = {
  summary:
    'derive every number of a run from its records again, and compare it with what the folder says (docs/wire.md)',
  define: (command) => {
    addOwnServerFlags(command);
    addWireFlag(command);
    command
      .addArgument(runArgument())
      .addOption(runTasksOption())
      .option(...pricesFlag)
      .action(async (run, { tasks, prices }) => {
        const { findRun } = await import('../core/record/read-run.ts');
        const { runsFolder } = await import('./shared/places.ts');
        const { verifyRun } = await import('./shared/verify-run.ts');
        const { print, printVerdict } = await import('./shared/printing.ts');
        const { verified, unverified, differences } = await verifyRun(findRun(run, runsFolder), { tasks, prices });
        for (const one of verified) print(`Verified: ${one}`);
        for (const one of unverified) print(`Not verified: ${one}`);
        for (const one of differences) print(`Differs: ${one}`);
        const isWell = differences.length === 0;
        printVerdict(isWell ? 'Nothing differs.' : `Differences: ${differences.length}.`, isWell);
        if (!isWell) process.exitCode = exitCodes.regressed;
      });
  },
};
export default verify;
