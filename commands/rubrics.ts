import { join, resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { writtenForms } from '../core/reward-types.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { rubricFile } from './shared/flag-values.ts';
import { limitOption, ownTasksOption, parallelOption, splitOption, suiteOption, taskOption } from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { runsFolder } from './shared/places.ts';
import { taskSource } from './shared/task-source.ts';
import { print, shownPath } from './shared/printing.ts';
import { addWireFlag } from './shared/server-flags.ts';

const rubrics: CommandDefinition = {
  summary:
    'let a model write rubrics for tasks, to use with `train`, `judge` and `calibrate --rubric FILE` (docs/judges.md)',
  define: (command) => {
    addOwnServerFlags(command);
    addWireFlag(command);
    command
      .addOption(suiteOption())
      .addOption(ownTasksOption())
      .addOption(taskOption())
      .addOption(splitOption())
      .addOption(limitOption('largest number of tasks'))
      .requiredOption('--model <name>', 'ollama:MODEL, openai:MODEL or llama:FILE.gguf')
      .addOption(
        new Option('--form <name>', '`atlas`: twelve criteria as in the ATLAS paper; `free`: as many as a task needs')
          .choices(writtenForms)
          .default('atlas' as const),
      )
      .option('--with-solution', 'also show the model the reference plan and the answer')
      .requiredOption(
        '--out <file>',
        'JSON Lines file to write, one line per task; tasks that it already holds are not asked for again',
        rubricFile,
      )
      .option('--fresh', 'discard what the file already holds')
      .addOption(parallelOption('tasks at once').default(1))
      .action(async ({ suite: house, tasks, task, split, limit, out, fresh, ...options }) => {
        const { allServersOf } = await import('../core/suite-servers.ts');
        const { toolspaceOf } = await import('../envs/toolspaces.ts');
        const { writeRubrics } = await import('../judges/rubric/writing/write.ts');
        const { defaultSplit } = await import('../suites/tasks/samples.ts');
        const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
        const suite = await suiteNamed(taskSource({ suite: house, tasks, task }, { isDivided: split !== undefined }));
        const { judgeResources } = await import('./shared/judge-resources.ts');
        const { overWire } = await import('./shared/question-wire.ts');
        const { writtenSource } = await import('./shared/run-identity.ts');
        const subject = { suite: suite.name, servers: allServersOf(suite), source: writtenSource(suite) };
        const path = resolve(out);
        const summary = await writeRubrics(path, {
          ...options,
          tasks: suite.tasks(split ?? defaultSplit(suite), limit),
          toolsOf: ({ world }) => toolspaceOf(world.servers).tools,
          isFresh: fresh === true,
          ...judgeResources(join(runsFolder, '.rubrics')),
          asking: (work) => overWire(subject, work),
        });
        print(`${summary}\nRubrics: ${shownPath(path)}`);
      });
  },
};
export default rubrics;
