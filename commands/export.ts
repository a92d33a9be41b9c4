import { Option } from '@commander-js/extra-typings';
import { kinds, trainers } from '../finetune/export/kinds.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { decimal } from './shared/flag-values.ts';
import { rewardOption, runArgument, runTasksOption } from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { runsFolder } from './shared/places.ts';
import { print } from './shared/printing.ts';
import { taskFileOf } from './shared/task-source.ts';

const exporting: CommandDefinition = {
  summary:
    "export stored episodes in a trainer's format: to imitate, in pairs, or in rewarded groups (docs/environment-server.md)",
  define: (command) => {
    addOwnServerFlags(command);
    command
      .addArgument(runArgument())
      .addOption(new Option('--kind <name>', 'what to export').choices(kinds).default('sft' as const))
      .addOption(
        new Option('--trainer <name>', 'trainer whose format to write').choices(trainers).default('trl' as const),
      )
      .addOption(rewardOption('reward to export with each episode').default('rubric' as const))
      .option('--least-margin <x>', 'pairs: smallest difference between the two rewards; by default any', decimal)
      .addOption(runTasksOption())
      .requiredOption('--out <file>', 'JSON Lines file to write')
      .action(async (name, { out, tasks, ...options }) => {
        const { checkRecords } = await import('../core/record/chain.ts');
        const { findRun } = await import('../core/record/read-run.ts');
        const { writeWhole } = await import('../core/record/files.ts');
        const { exportRun } = await import('../finetune/export/run.ts');
        const { offeredIn } = await import('./shared/offered-tools.ts');
        const run = findRun(name, runsFolder);
        checkRecords(run);
        const offered = await offeredIn(run, taskFileOf({ tasks }));
        const { rows, left } = exportRun({ ...options, run, offered });
        writeWhole(out, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        print(`${rows.length} rows in ${out}`);
        for (const [cause, count] of Object.entries(left)) print(`  ${count} left out: ${cause}`);
      });
  },
};
export default exporting;
