import { Option } from '@commander-js/extra-typings';
import { UsageError } from '../core/errors.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { shareOfOne, wholeNumber } from './shared/flag-values.ts';
import {
  concurrencyOption,
  freshOption,
  optionalRunArgument,
  outOption,
  ownTasksOption,
  suiteOption,
  taskOption,
  viewOption,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { taskFileOf } from './shared/task-source.ts';

const gate: CommandDefinition = {
  summary: 'compare a run, or play of your own tasks (--tasks), with its reference; without a run, make it first',
  define: (command) => {
    addServerFlags(command);
    addCountingFlags(command);
    addOwnServerFlags(command);
    command
      .addArgument(optionalRunArgument())
      .addOption(suiteOption())
      .addOption(ownTasksOption('tasks of your own, played now unless a run of them is named (docs/gate.md)'))
      .addOption(taskOption())
      .option('--policy <name>', 'of own tasks: who plays, or which of the run; by default as in the reference')
      .addOption(viewOption())
      .option(
        '--repeat <n>',
        'of own tasks: times that each is played; by default as in the reference, or once',
        wholeNumber,
      )
      .addOption(outOption())
      .addOption(freshOption())
      .addOption(concurrencyOption())
      .option(
        '--reference <folder>',
        'where the reference stands; by default reports/reference/gate, or toolstone-reference beside the task file',
      )
      .option('--accept <reason>', 'make this run the new reference, for this reason')
      .option('--threshold <share>', 'of own tasks: least mean share that passes', shareOfOne)
      .addOption(
        new Option('--allow-drift', 'of own tasks: changed tools, prompts or model are told, and tasks alone decide'),
      )
      .addOption(
        new Option('--fail-on <what>', 'of own tasks: such drift is a regression, exit code 1, in place of 4')
          .choices(['drift'])
          .conflicts('allowDrift'),
      )
      .option('--junit <file>', 'of own tasks: write the result for CI, in the form of JUnit')
      .option(
        '--summary <file>',
        'of own tasks: write it in Markdown; it is added to the file that GITHUB_STEP_SUMMARY names, too',
      )
      .option('--badge <file>', 'of own tasks: write it as JSON of a badge')
      .action(async (name, { tasks: file, task, ...options }) => {
        const tasks = taskFileOf({ tasks: file, task });
        if (tasks !== undefined) {
          const { gateOwnTasks } = await import('./shared/own-gate.ts');
          process.exitCode = codes[await gateOwnTasks(name, { ...options, tasks })];
          return;
        }
        refuseOwnFlags(options);
        const { gateHouse } = await import('./shared/house-gate.ts');
        process.exitCode = codes[await gateHouse(name, options)];
      });
  },
};
export default gate;

const ownFlags = {
  policy: '--policy',
  view: '--view',
  repeat: '--repeat',
  threshold: '--threshold',
  allowDrift: '--allow-drift',
  failOn: '--fail-on',
  junit: '--junit',
  summary: '--summary',
  badge: '--badge',
  servers: '--servers',
  real: '--real',
} as const;

/** Without tasks of one's own these would be passed over in silence. */
function refuseOwnFlags(options: Readonly<Partial<Record<keyof typeof ownFlags, unknown>>>): void {
  const given = Object.entries(ownFlags).flatMap(([key, flag]) =>
    options[key as keyof typeof ownFlags] === undefined ? [] : [flag],
  );
  if (given.length > 0)
    throw new UsageError(
      `${given.join(', ')} belong to a gate of your own tasks: name their file with --tasks, or leave them out.`,
    );
}

const codes = {
  pass: exitCodes.well,
  regressed: exitCodes.regressed,
  'not-enough-data': exitCodes.notEnoughData,
  incomparable: exitCodes.incomparable,
} as const;
