import { Option } from '@commander-js/extra-typings';
import { modulesIn } from '../core/list.ts';
import type { CheckedTask } from '../suites/own-tasks/check.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { print } from './shared/printing.ts';

const tasks: CommandDefinition = {
  summary: 'check your own tasks (docs/own-tasks.md), or import tasks of public benchmarks (docs/importers.md)',
  define: (command) => {
    const check = command.command('check');
    addServerFlags(check);
    addOwnServerFlags(check);
    check
      .description('start the servers of a task file, and report which tasks are broken and why')
      .option('--quiet', 'print only the tasks and the result, without notes on servers')
      .argument('<file>', 'task file in YAML, JSON or JSON Lines')
      .action(async (file, { quiet = false }) => {
        const { noOp } = await import('../baselines/policies/no-op.ts');
        const { oracle } = await import('../baselines/policies/oracle.ts');
        const { default: openView } = await import('../envs/views/eager.ts');
        const { checkTasks } = await import('../suites/own-tasks/check.ts');
        const { tellConfinement } = await import('./shared/confinement.ts');
        const checked = await checkTasks(file, {
          openView,
          carryOut: oracle,
          doNothing: noOp(),
          ...(quiet
            ? {}
            : {
                onServers: (servers) => tellConfinement({ servers, heldOutServers: [] }),
                onRemarks: (remarks) => remarks.forEach(print),
              }),
        });
        print(describeChecked(checked));
        if (checked.some(({ faults, gaps = [] }) => faults.length + gaps.length > 0))
          process.exitCode = exitCodes.regressed;
      });
    const formats = modulesIn(new URL('../suites/importers/', import.meta.url));
    const toImport = command.command('import');
    addOwnServerFlags(toImport, { hasReal: false });
    toImport
      .description('turn tasks of a public format into a task file, with lists of what was skipped (docs/importers.md)')
      .addOption(new Option('--format <name>', 'format of the input').choices(formats).makeOptionMandatory())
      .option(
        '--map <file>',
        "JSON or YAML file that says which server of yours (--servers) or the catalogue's stands for each of the benchmark's, and " +
          'which tool for each of its tools: {"Wikipedia": {"server": "wiki", "tools": {"search_wikipedia": "search"}}}; ' +
          'servers of the same name need no entry',
      )
      .argument('<in>', 'file or folder of that format')
      .argument('<out>', 'YAML task file to write')
      .action(async (input, output, { format, map }) => {
        const { importTasks } = await import('../suites/importers/reading/write.ts');
        const { useServerMap } = await import('../suites/importers/reading/servers.ts');
        useServerMap(map);
        const imported = await importTasks({ format, input, output });
        const counts = `${imported.tasks} tasks, ${imported.skipped} records skipped, ${imported.notes} notes`;
        print(`${counts}:\n${imported.files.map((path) => `  ${path}`).join('\n')}`);
        for (const { cure, records, first } of imported.cures)
          print(`${records} skipped; cure: ${cure}\n  the first, ${first.id}: ${first.reason}`);
      });
  },
};
export default tasks;

/** What `tasks check` prints: each task with what is broken, then a sentence about all. */
export function describeChecked(checked: readonly CheckedTask[]): string {
  const lines = checked.flatMap((task) => [
    `${verdictOf(task)} ${task.id}`,
    ...[...(task.gaps ?? []), ...task.faults, ...(isUnguarded(task) ? [task.unguarded] : []), ...task.remarks].map(
      (text) => `       ${text.replaceAll('\n', '\n       ')}`,
    ),
  ]);
  const all = checked.length;
  const broken = checked.filter(({ faults }) => faults.length > 0).length;
  const open = checked.filter(({ gaps }) => gaps).length;
  const unplayed = checked.filter(({ faults, isPlayed, gaps }) => faults.length === 0 && !isPlayed && !gaps).length;
  const unguarded = checked.filter(isUnguarded).length;
  const forJudge = checked.filter((task) => task.faults.length === 0 && task.isForJudge).length;
  const sound = `${all - broken - open - unplayed - unguarded - forJudge} of ${all} tasks are sound`;
  const sentence =
    broken + open + unplayed + unguarded + forJudge === 0
      ? all === 1
        ? 'The task is sound.'
        : `All ${all} tasks are sound.`
      : [
          ...(broken > 0
            ? [
                `${all === 1 ? 'The task is' : `${broken} of ${all} tasks ${broken === 1 ? 'is' : 'are'}`} broken: fix the task, or the server if it no longer does what the plan needs.`,
              ]
            : []),
          ...(open > 0
            ? [
                `${all === 1 ? 'The task' : `${open} of ${all} tasks`} still ${open === 1 ? 'has' : 'have'} to be completed: replace each <TODO: …>, or leave the task out.`,
              ]
            : []),
          ...(unguarded > 0
            ? [
                `${all === 1 ? 'The task' : `${unguarded} of ${all} tasks`} can be solved, but would pass with the policy oracle whatever value the server returns: add what stands above.`,
              ]
            : []),
          ...(unplayed > 0 ? [`${sound}; ${unplayed} cannot be verified without a plan: write one.`] : []),
          ...(forJudge > 0
            ? [
                `${unplayed > 0 ? '' : `${sound}; `}${forJudge} can be solved as far as code can tell; only a judge can decide on success.`,
              ]
            : []),
        ].join(' ');
  return [...lines, sentence].join('\n');
}

/** Only what was seen done is sound. */
const verdictOf = ({ faults, isPlayed, isForJudge, gaps, unguarded }: CheckedTask): string =>
  gaps
    ? 'to be completed:'
    : faults.length > 0
      ? 'BROKEN'
      : isForJudge
        ? 'for a judge:'
        : unguarded !== undefined
          ? 'UNGUARDED'
          : isPlayed
            ? 'sound '
            : 'not verifiable: no plan:';

/** Sound otherwise, but no check reads the value that was asked for. */
const isUnguarded = (task: CheckedTask): task is CheckedTask & { readonly unguarded: string } =>
  task.unguarded !== undefined && task.faults.length === 0;
