import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { concurrencyOption, freshOption, optionalRunArgument, outOption, suiteOption } from './shared/flags.ts';
import { runsFolder } from './shared/places.ts';
import { print, tell } from './shared/printing.ts';

const gate: CommandDefinition = {
  summary: 'compare a run with the committed reference; without a run, make the short one first',
  define: (command) => {
    addServerFlags(command);
    command
      .addArgument(optionalRunArgument())
      .addOption(suiteOption())
      .addOption(outOption())
      .addOption(freshOption())
      .addOption(concurrencyOption())
      .option('--reference <folder>', 'where the reference stands', 'reports/reference/gate')
      .option('--accept <reason>', 'make this run the new reference, for this reason')
      .action(async (name, options) => {
        const { chainNote } = await import('../core/record/chain.ts');
        const { default: readRun, findRun } = await import('../core/record/read-run.ts');
        const { default: compare } = await import('../reports/gate/gate.ts');
        const { readReference, referenceNote, referenceOf, writeReference } =
          await import('../reports/gate/reference.ts');
        const { tableMarkdown } = await import('../reports/tables/table.ts');
        const { runExperiment } = await import('./shared/run-and-report.ts');
        const { reference: folder, accept } = options;
        const path = name === undefined ? null : findRun(name, runsFolder);
        // Before the run, so that a missing reference costs no minutes.
        const reference = accept === undefined ? readReference(folder) : null;
        const run = readRun(path ?? (await runExperiment('gate', 'gate', { ...options, fresh: true })));
        if (reference === null) {
          print(`Accepted as reference: ${writeReference(folder, referenceOf(run, accept ?? ''))}`);
          process.exitCode = exitCodes.well;
          return;
        }
        tell(chainNote(run.chain));
        tell(referenceNote(reference));
        const { verdict, reasons, offending } = compare(run, reference);
        if (offending.rows.length > 0) print(tableMarkdown(offending));
        print([...reasons, `gate: ${verdict.replaceAll('-', ' ')}`].join('\n'));
        process.exitCode = codes[verdict];
      });
  },
};
export default gate;

const codes = {
  pass: exitCodes.well,
  regressed: exitCodes.regressed,
  'not-enough-data': exitCodes.notEnoughData,
  incomparable: exitCodes.incomparable,
} as const;
