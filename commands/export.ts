import { Option } from '@commander-js/extra-typings';
import { kinds, trainers } from '../finetune/export/kinds.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { decimal } from './shared/flag-values.ts';
import { rewardOption, runArgument } from './shared/flags.ts';
import { runsFolder } from './shared/places.ts';
import { print } from './shared/printing.ts';

const exporting: CommandDefinition = {
  summary:
    "export stored episodes in a trainer's format: to imitate, in pairs, or in rewarded groups (docs/finetune.md)",
  define: (command) => {
    command
      .addArgument(runArgument())
      .addOption(new Option('--kind <name>', 'what to export').choices(kinds).default('sft' as const))
      .addOption(
        new Option('--trainer <name>', 'trainer whose format to write').choices(trainers).default('trl' as const),
      )
      .addOption(rewardOption('reward to export with each episode').default('rubric' as const))
      .option('--least-margin <x>', 'pairs: smallest difference between the two rewards; by default any', decimal)
      .requiredOption('--out <file>', 'JSON Lines file to write')
      .action(async (name, { out, ...options }) => {
        const { checkRecords } = await import('../core/record/chain.ts');
        const { findRun, readManifest } = await import('../core/record/read-run.ts');
        const { writeWhole } = await import('../core/record/files.ts');
        const { withExecution } = await import('../envs/programs/execution.ts');
        const { viewNamed } = await import('../envs/view-list.ts');
        const { exportRun } = await import('../finetune/export/run.ts');
        const { metaToolsOf } = await import('../finetune/ors/catalogue.ts');
        const run = findRun(name, runsFolder);
        checkRecords(run);
        const [job] = readManifest(run).jobs;
        const openView = withExecution(await viewNamed(job?.view ?? 'tool'), job?.execution);
        const { rows, left } = exportRun({ ...options, run, metaTools: metaToolsOf(openView) });
        writeWhole(out, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        print(`${rows.length} rows in ${out}`);
        for (const [cause, count] of Object.entries(left)) print(`  ${count} left out: ${cause}`);
      });
  },
};
export default exporting;
