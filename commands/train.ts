import { Option } from '@commander-js/extra-typings';
import { algorithmNames } from '../baselines/learner-list.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addAliasFlags, addDistractorFlags } from './shared/distractor-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { algorithmAmong, familyNames, groupSize, shareOfOne, wholeNumber } from './shared/flag-values.ts';
import {
  concurrencyOption,
  episodesOption,
  executionOption,
  freshOption,
  learntTasksHelp,
  outOption,
  ownTasksOption,
  rewardOption,
  seedsOption,
  suiteOption,
  taskOption,
  viewOption,
  withRewardJudge,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { taskSource } from './shared/task-source.ts';

const train: CommandDefinition = {
  summary: 'train the embedded policy once, with a learning curve',
  define: async (command) => {
    const algorithms = algorithmNames();
    addServerFlags(command);
    addCountingFlags(command);
    addDistractorFlags(command);
    addAliasFlags(command);
    addOwnServerFlags(command);
    const flagged = command
      .addOption(suiteOption())
      .addOption(ownTasksOption(learntTasksHelp))
      .addOption(taskOption())
      .addOption(outOption())
      .addOption(freshOption())
      .addOption(concurrencyOption())
      .addOption(viewOption())
      .addOption(executionOption())
      .addOption(rewardOption('train on this reward only'))
      .addOption(seedsOption())
      .addOption(episodesOption())
      .option(
        '--policy <name>',
        'how the embedded policy starts and reads: pointer, pointer?priors=none (no knowledge of tool use), pointer?scalars=false (words only), or pointer?words=vectors (words by their vectors)',
        'pointer',
      )
      .option('--warm-start <n>', 'imitate this many episodes of the oracle first', wholeNumber)
      .option('--group-size <n>', 'episodes per group; an update has 32 episodes in all', groupSize)
      .addOption(
        new Option('--curriculum <name>', 'order the tasks of the first half of the budget: short ones first').choices([
          'short-first',
        ]),
      )
      .option('--stop-at <share>', 'stop once this share of the validation tasks is solved', shareOfOne)
      .option(
        '--families <names>',
        'train only on tasks of these families, separated by commas; the learning curve covers all families',
        familyNames,
      )
      .option(
        '--algorithm <name>',
        `learner: ${algorithms.join(', ')}; with settings as NAME?setting=value&setting=value (docs/learners.md), or ./mine.ts (docs/own-parts.md)`,
        algorithmAmong(algorithms),
        'grpo',
      );
    (await withRewardJudge(flagged)).action(async (options) => {
      const { runAndReport } = await import('./shared/run-and-report.ts');
      const { judgeChosen } = await import('./shared/judge-chosen.ts');
      const { trainingRun } = await import('./shared/training-run.ts');
      const { name, jobs } = trainingRun({ ...options, judge: judgeChosen(options, options.tasks) });
      await runAndReport('train', name, jobs, { ...options, suite: taskSource(options, { isDivided: true }) });
    });
  },
};
export default train;
