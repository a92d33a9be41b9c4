import type { CommandDefinition } from './shared/definition.ts';
import { wholeNumber } from './shared/flag-values.ts';

const perf: CommandDefinition = {
  summary: 'speed of calls, episodes and training beside yardsticks, all in one run',
  define: (command) => {
    command
      .option('--json <file>', 'write the figures there too')
      .option('--rounds <n>', 'rounds in which both sides take turns', wholeNumber, 11)
      .option('--only <name>', 'one measurement')
      .option('--against <commit>', 'measure the processor time of --help beside that of this commit, too')
      .action(async ({ json, rounds, only, against }) => {
        const { writeWhole } = await import('../core/record/files.ts');
        const { jsonText } = await import('../reports/tables/table.ts');
        const { printTable } = await import('./shared/print-table.ts');
        const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
        const { perfGroups } = await import('./perf/groups.ts');
        const { helpPerf } = await import('./perf/help.ts');
        const { measureGroups } = await import('./perf/measure.ts');
        const { perfTable } = await import('./perf/table.ts');
        const groups = [
          ...(against === undefined ? [] : [helpPerf(against)]),
          ...perfGroups(await suiteNamed('basic')),
        ];
        const rows = await measureGroups(groups, { rounds, only });
        if (json !== undefined) writeWhole(json, jsonText(rows));
        printTable(perfTable(rows, rounds));
      });
  },
};
export default perf;
