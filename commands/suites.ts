import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Suite } from '../core/types.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { concurrencyOption } from './shared/flags.ts';
import { runsFolder } from './shared/places.ts';
import { print } from './shared/printing.ts';

const suites: CommandDefinition = {
  summary: 'list the task suites, with the results of simple policies on each as a scale',
  define: (command) => {
    command
      .option('--measure <name>', 'measure the simple policies on this suite again, and store their results')
      .addOption(concurrencyOption())
      .action(async ({ measure, concurrency }) => {
        const { readFigures, suitesTable } = await import('../reports/tables/suite-figures.ts');
        const { printTable } = await import('./shared/print-table.ts');
        const { suiteNamed, suiteNames } = await import('../suites/tasks/suite-list.ts');
        const { additionOf, packageFault } = await import('../envs/processes/packages.ts');
        const { serverDefinition } = await import('../envs/server-list.ts');
        const { toolspaceOf } = await import('../envs/toolspaces.ts');
        const { suiteFiguresFile: figuresFile } = await import('./shared/places.ts');
        const missing = (servers: readonly string[]) =>
          servers.filter((name) => packageFault(serverDefinition(name)) !== undefined);
        if (measure !== undefined) await measureSuite(measure, concurrency);
        const all = await Promise.all(suiteNames().map(suiteNamed));
        for (const suite of all) print(describeSuite(suite, missing(suite.servers).map(additionOf)));
        // Tools are those offered at once in the suite's default split.
        const sizes = all.map(({ name, families, servers }) => ({
          name,
          families: families.length,
          servers: servers.length,
          tools: missing(servers).length > 0 ? null : toolspaceOf(servers).tools.length,
        }));
        printTable(suitesTable(sizes, readFigures(figuresFile)));
      });
  },
};
export default suites;

/** Runs the policies that set a suite's scale and keeps their figures. */
async function measureSuite(suite: string, concurrency: number | undefined): Promise<void> {
  const { default: readRun } = await import('../core/record/read-run.ts');
  const { figuresOf, readFigures, writeFigures } = await import('../reports/tables/suite-figures.ts');
  const { suiteFiguresFile: figuresFile } = await import('./shared/places.ts');
  const { runExperiment } = await import('./shared/experiments.ts');
  const options = { suite, concurrency, fresh: true, out: join(runsFolder, `suite-${suite}`) };
  const figures = figuresOf(readRun(await runExperiment('suites', 'anchors', options)));
  writeFigures(fileURLToPath(figuresFile), { ...readFigures(figuresFile), [suite]: figures });
}

/** Families, splits and servers of a suite in a few lines, and the commands that add what it needs and is not there. */
function describeSuite(suite: Suite, additions: readonly string[]): string {
  const { name, summary, families, splits, servers, heldOutServers } = suite;
  const heldOut = heldOutServers.filter((server) => !servers.includes(server));
  return [
    `${name}: ${summary}`,
    `  families: ${families.join(', ')}`,
    `  splits: ${splits.join(', ')}`,
    `  servers: ${servers.join(', ')}`,
    ...(heldOut.length > 0 ? [`  held-out servers: ${heldOut.join(', ')}`] : []),
    ...(additions.length > 0 ? [`  before its first run: ${additions.join(', ')}`] : []),
  ].join('\n');
}
