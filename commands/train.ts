import { Option } from '@commander-js/extra-typings';
import { algorithmNames } from '../baselines/learner-list.ts';
import { unfitPolicies } from '../core/calibration-types.ts';
import { rubricChoices } from '../core/reward-types.ts';
import { judgeUsages } from '../judges/judge-list.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { algorithmAmong, familyNames, groupSize, shareOfOne, wholeNumber } from './shared/flag-values.ts';
import {
  concurrencyOption,
  episodesOption,
  fitnessOption,
  formulaOption,
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

const train: CommandDefinition = {
  summary: 'one training of the embedded policy with its learning curve',
  define: async (command) => {
    const algorithms = algorithmNames();
    addServerFlags(command);
    addCountingFlags(command);
    addOwnServerFlags(command);
    command
      .addOption(suiteOption())
      .addOption(ownTasksOption(learntTasksHelp))
      .addOption(taskOption())
      .addOption(outOption())
      .addOption(freshOption())
      .addOption(concurrencyOption())
      .addOption(viewOption())
      .addOption(rewardOption('only this reward'))
      .addOption(seedsOption())
      .addOption(episodesOption())
      .option(
        '--judge <name>',
        `who judges the rubric: ${(await judgeUsages()).join(', ')}, or ./mine.ts (default: code)`,
      )
      .addOption(
        new Option('--rubric <name>', 'what that judge is asked: own criteria, or one score').choices(rubricChoices),
      )
      .addOption(formulaOption('how its verdicts become a reward (default: weight-proportional)'))
      .option('--calibration <file>', 'calibration.json of that judge; by default the one that comes with it')
      .addOption(fitnessOption('thresholds for its criteria (default: strict)'))
      .addOption(
        new Option('--unfit <policy>', 'what becomes of criteria below them (default: refuse)').choices(unfitPolicies),
      )
      .option(
        '--policy <name>',
        'the embedded policy as it begins: pointer, pointer?priors=none (knowing nothing of tool use), pointer?scalars=false (words alone)',
        'pointer',
      )
      .option('--warm-start <n>', 'episodes of the oracle that it imitates first', wholeNumber)
      .option('--group-size <n>', 'episodes per group; an update has 32 in all', groupSize)
      .addOption(
        new Option('--curriculum <name>', 'short tasks first in the first half of the budget').choices(['short-first']),
      )
      .option('--stop-at <share>', 'end once so large a share of the validation tasks is solved', shareOfOne)
      .option(
        '--families <names>',
        'train on tasks of these families alone, with commas between; the learning curve is over all',
        familyNames,
      )
      .option(
        '--algorithm <name>',
        `learner: ${algorithms.join(', ')}; also as NAME?setting=value&setting=value (docs/learners.md), or ./mine.ts (docs/own-parts.md)`,
        algorithmAmong(algorithms),
        'grpo',
      )
      .action(async (options) => {
        const { runAndReport } = await import('./shared/run-and-report.ts');
        const { trainingRun } = await import('./shared/training-run.ts');
        const { name, jobs } = trainingRun(options);
        await runAndReport('train', name, jobs, { ...options, suite: taskSource(options, { isDivided: true }) });
      });
  },
};
export default train;
