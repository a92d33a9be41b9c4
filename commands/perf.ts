import type { CommandDefinition } from './shared/definition.ts';
import { wholeNumber } from './shared/flag-values.ts';

const perf: CommandDefinition = {
  summary: 'measure the speed of calls, episodes and training, relative to yardsticks',
  define: (command) => {
    command
      .option('--json <file>', 'also write the figures to this file')
      .option('--rounds <n>', 'number of rounds in which both sides take turns', wholeNumber, 11)
      .option('--only <name>', 'run only this measurement')
      .option('--against <commit>', 'also compare the processor time of --help with that of this commit')
      .option(
        '--model <name>',
        'also compare the strict replay of episodes of this model with the model, e.g. ollama:qwen3:4b',
      )
      .action(async ({ json, rounds, only, against, model }) => {
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
          ...perfGroups(await suiteNamed('basic'), model),
        ];
        const rows = await measureGroups(groups, { rounds, only });
        if (json !== undefined) writeWhole(json, jsonText(rows));
        printTable(perfTable(rows, rounds));
      });
  },
};
export default perf;
