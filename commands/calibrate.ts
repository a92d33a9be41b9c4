import { dirname, join } from 'node:path';
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

const calibrate: CommandDefinition = {
  summary: 'measure how far a judge agrees with labels (docs/judges.md)',
  define: async (command) => {
    addOwnServerFlags(command);
    command
      .addArgument(optionalRunArgument('; by default the folder that contains the labels'))
      .addOption(await judgeOption())
      .addOption(rubricOption())
      .addOption(verdictFormulaOption())
      .addOption(runTasksOption())
      .addOption(parallelOption('tasks judged at once'))
      .requiredOption('--labels <file>', 'label file in JSON Lines (docs/judges.md)')
      .option('--out <folder>', 'folder to write the calibration to; by default one in reports/runs')
      .action(async (name, { labels: labelsFile, out, ...options }) => {
        const { attackStamp, attackText } = await import('../core/record/attack-stamp.ts');
        const { default: stampText } = await import('../core/record/calibration-stamp.ts');
        const { writeWhole } = await import('../core/record/files.ts');
        const { findRun } = await import('../core/record/read-run.ts');
        const { attended } = await import('../core/run/run-jobs.ts');
        const { calibrateRun } = await import('../judges/calibration/calibrate-run.ts');
        const { readLabels } = await import('../judges/calibration/labels.ts');
        const { calibrationFolder, default: writeCalibration } = await import('../reports/write-calibration.ts');
        const { costsIn, storedRun } = await import('./shared/stored-run.ts');
        const run = name === undefined ? dirname(labelsFile) : findRun(name, runsFolder);
        const labels = readLabels(labelsFile);
        const stored = await storedRun(run, options);
        const { manifest, backend } = stored;
        // Before the judging, which may cost hours.
        const folder = calibrationFolder(runsFolder, manifest.name, backend.name, out);
        const { record, attacks } = await attended((signal, onProgress) =>
          calibrateRun({ ...stored, labels, signal, onProgress }),
        );
        const [page = folder] = writeCalibration(folder, [record]);
        if (attacks) writeWhole(join(folder, 'attacks.json'), `${JSON.stringify(attacks, null, 2)}\n`);
        print(`${stampText(record.stamp)}.${costsIn(folder, backend)}`);
        if (attacks) print(`${backend.name}: ${attackText(attackStamp(attacks))}.`);
        print(`Calibration: ${shownPath(page)}`);
      });
  },
};
export default calibrate;
