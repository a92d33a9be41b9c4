import { Option } from '@commander-js/extra-typings';
import type { CommandDefinition } from './shared/definition.ts';
import { wholeNumber } from './shared/flag-values.ts';
import {
  fitnessOption,
  freshOption,
  judgeOption,
  outOption,
  parallelOption,
  rubricOption,
  runArgument,
  runTasksOption,
  taskOption,
  verdictFormulaOption,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { runsFolder } from './shared/places.ts';
import { print } from './shared/printing.ts';
import { addWireFlag } from './shared/server-flags.ts';

const judge: CommandDefinition = {
  summary: 'judge a stored run again, without servers, into a run folder of its own (docs/judges.md)',
  define: async (command) => {
    addOwnServerFlags(command);
    addWireFlag(command);
    command
      .addArgument(runArgument())
      .addOption((await judgeOption()).makeOptionMandatory(false))
      .addOption(
        new Option(
          '--to-label <file>',
          'write slots for people to label, and the episodes to read beside them, instead of asking a judge (docs/judges.md)',
        ).conflicts(['judge', 'calibration', 'attacks', 'fitness', 'out', 'wire']),
      )
      .option('--rater <name>', 'with --to-label: who labels, the same name on every line of theirs', 'rater')
      .option('--episodes <n>', 'with --to-label: most episodes to label, drawn by lot', wholeNumber, 40)
      .addOption(rubricOption())
      .addOption(verdictFormulaOption())
      .addOption(runTasksOption())
      .addOption(taskOption())
      .addOption(parallelOption('tasks judged at once'))
      .option('--calibration <file>', 'calibration.json of this judge, to show with the result')
      .option('--attacks <file>', 'attacks.json that `calibrate` wrote for this judge, to show with the result')
      .addOption(fitnessOption('refuse or down-weight criteria according to the calibration'))
      .addOption(outOption())
      .addOption(freshOption())
      .action(async (name, { calibration, attacks, fitness, out, fresh, toLabel, ...given }) => {
        if (toLabel !== undefined) {
          const { writeSlots } = await import('./shared/label-slots.ts');
          return print(await writeSlots(name, toLabel, given));
        }
        const { judgeOf } = await import('./shared/label-slots.ts');
        const options = { ...given, judge: judgeOf(given) };
        const { findRun } = await import('../core/record/read-run.ts');
        const { attended, tellFolder } = await import('../core/run/run-jobs.ts');
        const { readAttacks, readCalibrations } = await import('../judges/calibration/read.ts');
        const { rescore } = await import('../judges/stored/rescore.ts');
        const { judgingSource } = await import('./shared/run-identity.ts');
        const { printReport } = await import('./shared/run-and-report.ts');
        const { codeVersion } = await import('./shared/version.ts');
        const { costsIn, storedRun } = await import('./shared/stored-run.ts');
        const { overWire, subjectOf } = await import('./shared/question-wire.ts');
        const { expectReplayFolder } = await import('./shared/run-wire.ts');
        expectReplayFolder(out !== undefined || fresh === true);
        const stored = await storedRun(findRun(name, runsFolder), options);
        const source = judgingSource(stored.suite, options.judge);
        const request = {
          ...stored,
          ...(calibration === undefined ? {} : { calibrations: readCalibrations(calibration) }),
          ...(attacks === undefined ? {} : { attacks: readAttacks(attacks) }),
          ...(fitness === undefined ? {} : { fitness }),
          toolstone: { ...codeVersion(), source },
          base: runsFolder,
          out,
          isFresh: fresh === true,
          onFolder: tellFolder,
        };
        const { path, counts } = await overWire(subjectOf(stored.suite, source), () =>
          attended((signal, onProgress) => rescore({ ...request, signal, onProgress })),
        );
        const costs = costsIn(path, request.backend);
        await printReport(path);
        print(`Judged by ${request.backend.name}: ${counts}.${costs}`);
      });
  },
};
export default judge;
