import { Option } from '@commander-js/extra-typings';
import { join } from 'node:path';
import type { CommandDefinition } from './shared/definition.ts';
import {
  judgeOption,
  optionalRunArgument,
  parallelOption,
  rubricOption,
  runTasksOption,
  verdictFormulaOption,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { runsFolder } from './shared/places.ts';
import { print, shownPath } from './shared/printing.ts';
import { addWireFlag } from './shared/server-flags.ts';

const calibrate: CommandDefinition = {
  summary: 'measure how far a judge agrees with labels (docs/judges.md)',
  define: async (command) => {
    addOwnServerFlags(command);
    addWireFlag(command);
    command
      .addArgument(optionalRunArgument('; by default the folder that contains the labels'))
      .addOption((await judgeOption()).makeOptionMandatory(false))
      .addOption(rubricOption())
      .addOption(verdictFormulaOption())
      .addOption(runTasksOption())
      .addOption(parallelOption('tasks judged at once'))
      .option('--labels <file>', 'label file in JSON Lines (docs/judges.md)')
      .addOption(
        new Option(
          '--verdicts <file>',
          'verdicts in JSON Lines that a judge gave elsewhere, instead of --judge',
        ).conflicts(['judge', 'transcripts']),
      )
      .option('--transcripts <file>', 'transcripts in JSON Lines that --judge is to judge, instead of a run')
      .option('--out <folder>', 'folder to write the calibration to; by default one in reports/runs')
      .action(async (name, { out, ...options }) => {
        const { attackStamp, attackText } = await import('../core/record/attack-stamp.ts');
        const { default: stampText } = await import('../core/record/calibration-stamp.ts');
        const { writeWhole } = await import('../core/record/files.ts');
        const { calibrationFolder, default: writeCalibration } = await import('../reports/write-calibration.ts');
        const { toCalibrate } = await import('./shared/to-calibrate.ts');
        const { costsIn } = await import('./shared/stored-run.ts');
        const { about, judge, backend, calibrated } = await toCalibrate(name, options);
        // Before the judging, which may cost hours.
        const folder = calibrationFolder(runsFolder, about, judge, out);
        const { record, attacks } = await calibrated();
        const [page = folder] = writeCalibration(folder, [record]);
        if (attacks) writeWhole(join(folder, 'attacks.json'), `${JSON.stringify(attacks, null, 2)}\n`);
        const { open = 0, labels } = record.counts;
        const openText = open === 0 ? '' : ` ${open} of ${open + labels} slots are open.`;
        print(`${stampText(record.stamp)}.${openText}${backend ? costsIn(folder, backend) : ''}`);
        if (attacks) print(`${judge}: ${attackText(attackStamp(attacks))}.`);
        print(`Calibration: ${shownPath(page)}`);
      });
  },
};
export default calibrate;
