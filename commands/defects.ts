import { resolve } from 'node:path';
import { Option, type Command } from '@commander-js/extra-typings';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { wholeNumber } from './shared/flag-values.ts';
import {
  freshOption,
  limitOption,
  outOption,
  parallelOption,
  seedOption,
  splitOption,
  suiteOption,
} from './shared/flags.ts';
import { runsFolder } from './shared/places.ts';
import { print, shownPath } from './shared/printing.ts';

const defects: CommandDefinition = {
  summary:
    'plant known defects into reference episodes on real servers, and write labels for `calibrate` (docs/judges.md)',
  define: (command) => {
    addServerFlags(command);
    addCountingFlags(command);
    withFlags(command).action(async (flags) => {
      const { folder, counts } = await plantedRun(flags);
      const path = shownPath(folder);
      for (const [kind, count] of counts) print(`${kind.padEnd(24)} ${count}`);
      print(`\nLabels: ${path}/labels.jsonl; try toolstone calibrate --judge code --labels ${path}/labels.jsonl`);
    });
  },
};
export default defects;

const withFlags = (command: Command) =>
  command
    .addOption(suiteOption().default('broad'))
    .addOption(splitOption('split whose tasks to use').default('test' as const))
    .addOption(limitOption('largest number of tasks'))
    .option('--per-task <n>', 'defects per task; by default every one that fits', wholeNumber)
    .addOption(
      new Option('--execution <name>', 'plant defects in calls made one at a time, or in programs (docs/programs.md)')
        .choices(['calls', 'programs'] as const)
        .default('calls' as const),
    )
    .option('--attacks', 'make failing episodes look good to their judge, instead of planting defects')
    .addOption(seedOption('random seed of what is planted where').default(1))
    .addOption(outOption())
    .addOption(freshOption())
    .addOption(parallelOption('episodes in parallel'));

type Flags = ReturnType<ReturnType<typeof withFlags>['opts']>;

/** Plants; gives the run's folder, and of each kind what came of it in words. Throws `UsageError`, `Interrupted`. */
async function plantedRun(flags: Flags): Promise<{ folder: string; counts: readonly (readonly [string, string])[] }> {
  const { attended } = await import('../core/run/run-jobs.ts');
  const { openWorldPool } = await import('../envs/world-pool.ts');
  const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
  const { plantedSource } = await import('./shared/run-identity.ts');
  const { tellConfinement } = await import('./shared/confinement.ts');
  const { manifestOf } = await import('./shared/manifest.ts');
  const { codeVersion } = await import('./shared/version.ts');
  const { limit: tasks, perTask, concurrency: lanes, out, fresh, split, seed, execution, attacks = false } = flags;
  const suite = await suiteNamed(flags.suite);
  tellConfinement(suite);
  const by = execution === 'calls' ? '' : `-${execution}`;
  const name = `${attacks ? 'attacks' : 'defects'}-${suite.name}-${split}${by}`;
  const code = codeVersion();
  const pool = openWorldPool({ lanes });
  const request = {
    suite,
    split,
    tasks,
    perTask,
    seed,
    pool,
    lanes,
    base: runsFolder,
    out: out === undefined ? undefined : resolve(out),
    isFresh: fresh === true,
    manifestOf: (jobs: Parameters<typeof manifestOf>[3]) =>
      manifestOf('defects', name, suite, jobs, code, plantedSource(suite, attacks)),
  };
  try {
    if (attacks) {
      const { writeAttackedRun } = await import('../meta-evaluation/attacks/attacked-run.ts');
      const { folder, counts } = await attended((signal) => writeAttackedRun({ ...request, execution, signal }));
      const texts = Object.entries(counts).map(
        ([kind, { attacked, unfit, mended }]) =>
          [kind, `${attacked} attacked, ${unfit} unfit, ${mended} mended`] as const,
      );
      return { folder, counts: texts };
    }
    const { writePlantedRun } = await import('../meta-evaluation/defects/planted-run.ts');
    const { folder, counts } = await attended((signal, onProgress) =>
      writePlantedRun({
        ...request,
        execution,
        signal,
        onProgress: (done, total) => onProgress(done, total, 'episodes'),
      }),
    );
    const texts = Object.entries(counts).map(
      ([kind, { planted, dropped, labels, broken }]) =>
        [kind, `${planted} planted, ${dropped} dropped, ${labels} labels, ${broken} of them broken`] as const,
    );
    return { folder, counts: texts };
  } finally {
    await pool.dispose();
  }
}
