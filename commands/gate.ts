import { Option } from '@commander-js/extra-typings';
import { UsageError } from '../core/errors.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addServerFlags, addWireFlag } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { shareOfOne, wholeNumber } from './shared/flag-values.ts';
import {
  concurrencyOption,
  freshOption,
  optionalRunArgument,
  ownTasksOption,
  suiteOption,
  taskOption,
  viewOption,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { taskFileOf } from './shared/task-source.ts';

const gate: CommandDefinition = {
  summary:
    'fail if your own tasks (--tasks), or the built-in benchmark, do worse than an accepted reference (docs/gate.md)',
  define: (command) => {
    addServerFlags(command);
    addCountingFlags(command);
    addOwnServerFlags(command);
    addWireFlag(command);
    command
      .addArgument(optionalRunArgument())
      .addOption(suiteOption())
      .addOption(ownTasksOption('your own tasks; they are played now unless you name a finished run (docs/gate.md)'))
      .addOption(taskOption())
      .option(
        '--policy <name>',
        'own tasks: the policy that plays, or the one of the run to compare; by default as in the reference',
      )
      .addOption(viewOption())
      .option(
        '--repeat <n>',
        'own tasks: how many times to play each task; by default as in the reference, or once',
        wholeNumber,
      )
      .option(
        '--out <folder>',
        'run folder; by default one in reports/runs. Your own tasks are played anew each time; a run of the built-in benchmark is resumed',
      )
      .addOption(freshOption())
      .addOption(concurrencyOption())
      .option(
        '--reference <folder>',
        'folder of the reference; by default reports/reference/gate, or toolstone-reference beside the task file',
      )
      .option('--accept <reason>', 'make this result the new reference, and record this reason')
      .option('--threshold <share>', 'own tasks: fail if the mean share of passes is below this', shareOfOne)
      .addOption(
        new Option(
          '--allow-drift',
          'own tasks: only report drift (changed tools, prompts or models), and let the tasks decide',
        ),
      )
      .addOption(
        new Option(
          '--fail-on <what>',
          'own tasks: end with exit code 1, in place of 4, if there is drift but no regression',
        )
          .choices(['drift'])
          .conflicts('allowDrift'),
      )
      .option('--junit <file>', 'own tasks: write the result as JUnit XML for CI')
      .option(
        '--summary <file>',
        'own tasks: write the result in Markdown; it is also added to the file that GITHUB_STEP_SUMMARY names',
      )
      .option('--badge <file>', 'own tasks: write the result as JSON for a shields.io badge')
      .option('--quiet', 'own tasks: print only the result, without progress and notes')
      .action(async (name, { tasks: file, task, ...options }) => {
        const tasks = taskFileOf({ tasks: file, task });
        if (tasks !== undefined) {
          const { gateOwnTasks } = await import('./shared/own-gate.ts');
          const verdict = await gateOwnTasks(name, { ...options, tasks });
          process.exitCode = verdict === 'drift' && options.failOn === 'drift' ? exitCodes.regressed : codes[verdict];
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
  quiet: '--quiet',
  servers: '--servers',
  real: '--real',
  wire: '--wire',
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
  drift: exitCodes.incomparable,
  incomparable: exitCodes.incomparable,
} as const;
