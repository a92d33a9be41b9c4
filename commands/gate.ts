import { Option } from '@commander-js/extra-typings';
import { UsageError } from '../core/errors.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
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
  viewOption,
} from './shared/flags.ts';
import { runsFolder } from './shared/places.ts';
import { print, printVerdict, tell } from './shared/printing.ts';

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
      .action(async (name, { tasks, ...options }) => {
        if (tasks !== undefined) {
          const { gateOwnTasks } = await import('./shared/own-gate.ts');
          process.exitCode = codes[await gateOwnTasks(name, { tasks, ...options })];
          return;
        }
        refuseOwnFlags(options);
        await gateHouse(name, options);
      });
  },
};
export default gate;

interface HouseOptions {
  readonly suite: string;
  readonly out?: string | undefined;
  readonly concurrency?: number | undefined;
  readonly reference?: string | undefined;
  readonly accept?: string | undefined;
}

/** The house's own suites, by policies that learn and policies that do not, against committed numbers. */
async function gateHouse(
  name: string | undefined,
  { suite, out, concurrency, accept, reference: folder = 'reports/reference/gate' }: HouseOptions,
): Promise<void> {
  const { chainNote } = await import('../core/record/chain.ts');
  const { default: readRun, findRun } = await import('../core/record/read-run.ts');
  const { default: compare } = await import('../reports/gate/gate.ts');
  const { readReference, referenceNote, referenceOf, writeReference } = await import('../reports/gate/reference.ts');
  const { printTable } = await import('./shared/print-table.ts');
  const { runExperiment } = await import('./shared/run-and-report.ts');
  const path = name === undefined ? null : findRun(name, runsFolder);
  // Before the run, so that a missing reference costs no minutes.
  const reference = accept === undefined ? readReference(folder) : null;
  const run = readRun(path ?? (await runExperiment('gate', 'gate', { suite, out, concurrency, fresh: true })));
  if (reference === null) {
    print(`Accepted as reference: ${writeReference(folder, referenceOf(run, accept ?? ''))}`);
    process.exitCode = exitCodes.well;
    return;
  }
  tell(chainNote(run.chain));
  tell(referenceNote(reference));
  const { verdict, reasons, offending } = compare(run, reference);
  if (offending.rows.length > 0) printTable(offending);
  printVerdict([...reasons, `gate: ${verdict.replaceAll('-', ' ')}`].join('\n'), verdict === 'pass');
  process.exitCode = codes[verdict];
}

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
