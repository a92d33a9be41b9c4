import {
  concurrencyOption,
  episodesOption,
  freshOption,
  learntTasksHelp,
  outOption,
  ownTasksOption,
  rewardOption,
  seedsOption,
  suiteOption,
  taskOption,
  viewOption,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { taskSource } from './shared/task-source.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addDistractorFlags } from './shared/distractor-flags.ts';
import { addServerFlags, addWireFlag } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';

const bench: CommandDefinition = {
  summary:
    'train the small policy under several rewards and algorithms, compare them, and compare views and executions (3 to 8 minutes)',
  define: (command) => {
    addServerFlags(command);
    addCountingFlags(command);
    addDistractorFlags(command);
    addOwnServerFlags(command);
    addWireFlag(command);
    command
      .addOption(suiteOption())
      .addOption(ownTasksOption(learntTasksHelp))
      .addOption(taskOption())
      .addOption(outOption())
      .addOption(freshOption())
      .addOption(concurrencyOption())
      .addOption(viewOption())
      .addOption(rewardOption('train on this reward only'))
      .addOption(seedsOption())
      .addOption(episodesOption())
      .action(async (options) => {
        const { runExperiment } = await import('./shared/experiments.ts');
        await runExperiment('bench', 'bench', { ...options, suite: taskSource(options, { isDivided: true }) });
      });
  },
};
export default bench;
