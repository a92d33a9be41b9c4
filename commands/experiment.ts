import { Option } from '@commander-js/extra-typings';
import { modulesIn } from '../core/list.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addDistractorFlags } from './shared/distractor-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import {
  batchOption,
  concurrencyOption,
  episodesOption,
  freshOption,
  outOption,
  queueOption,
  rewardOption,
  seedsOption,
  suiteOption,
  viewOption,
  volatileOption,
} from './shared/flags.ts';

const experiment: CommandDefinition = {
  summary: 'run a long experiment, and write its rows and tables to reports/reference/experiments',
  define: (command) => {
    const names = modulesIn(new URL('./experiments/', import.meta.url));
    addServerFlags(command);
    addCountingFlags(command);
    addDistractorFlags(command);
    command
      .argument('<name>', `one of: ${names.join(', ')}`)
      .addOption(suiteOption())
      .addOption(outOption())
      .addOption(freshOption())
      .addOption(concurrencyOption())
      .addOption(queueOption())
      .addOption(batchOption())
      .addOption(volatileOption())
      .addOption(viewOption())
      .addOption(rewardOption('train on this reward only'))
      .addOption(seedsOption())
      .addOption(episodesOption())
      .option('--rows <label...>', 'run only the jobs behind these rows of the tables')
      .option('--judge <name>', 'the judge for the experiment `language-judge`, written as for `train --judge`')
      .addOption(
        new Option(
          '--tune',
          'find the settings of each arm first: 6 trials, 2 seeds each, on validation tasks; the experiment then uses them (docs/learners.md)',
        ).conflicts('untuned'),
      )
      .option('--untuned', 'pass over settings that --tune found, and use those of the learners')
      .option('--no-record', 'only run and report: write nothing below reports/reference')
      .action(async (name, options) => {
        const { experimentOfRecord } = await import('./shared/experiment-of-record.ts');
        await experimentOfRecord(name, options);
      });
  },
};
export default experiment;
