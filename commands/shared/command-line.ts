import { Command, Option } from 'commander';
import {
  concurrencyHelp,
  algorithmAmong,
  perfFlags,
  policyFlags,
  runCommand,
  runHelp,
  trainOnlyFlags,
  trainingFlags,
  wholeNumber,
  type GateFlags,
  type ImportFlags,
  type PolicyFlags,
  type ReportFlags,
  type RunFlags,
  type SuitesFlags,
  type TrainFlags,
} from './flags.ts';
import { addJudgeCommands, rewardJudgeFlags, type JudgeHandlers, type RewardJudgeFlags } from './judge-commands.ts';
import type { PerfFlags } from '../perf/measure.ts';
import { addTrainerCommands, type TrainerHandlers } from './trainer-commands.ts';

/** What each command does; arguments as the user gave them. */
export interface Handlers extends JudgeHandlers, TrainerHandlers {
  readonly bench: (options: RunFlags) => Promise<void>;
  readonly experiment: (name: string, options: RunFlags) => Promise<void>;
  readonly train: (options: TrainFlags & RewardJudgeFlags) => Promise<void>;
  readonly run: (options: PolicyFlags) => Promise<void>;
  readonly report: (run: string, options: ReportFlags) => void;
  readonly gate: (run: string | undefined, options: GateFlags) => Promise<void>;
  readonly perf: (options: PerfFlags) => Promise<void>;
  readonly suites: (options: SuitesFlags) => Promise<void>;
  readonly servers: () => void;
  readonly checkTasks: (file: string) => Promise<void>;
  readonly importTasks: (input: string, output: string, options: ImportFlags) => Promise<void>;
}

/** Names that help texts and choices show. */
export interface Words {
  readonly version: string;
  readonly algorithms: readonly string[];
  readonly policies: string;
  readonly experiments: readonly string[];
  readonly formats: readonly string[];
  readonly judges: readonly string[];
  readonly gateFolder: string;
}

/** Everything that a user may type. */
export function commandLine(words: Words, handlers: Handlers): Command {
  const program = new Command('toolstone')
    .description('Benchmark and reward-modelling harness for tool-using small models over real MCP servers')
    .version(words.version)
    .showHelpAfterError('(--help tells the known commands and flags)')
    .addHelpText('after', helpText)
    .exitOverride();
  addRunCommands(program, words, handlers);
  addReportCommands(program, words, handlers);
  addTaskCommands(program, words, handlers);
  addTrainerCommands(program, handlers);
  addJudgeCommands(program, words.judges, handlers);
  tellMissingLast(program);
  return program;
}

/** A misspelt flag is told before a required one that is missing: they are often the same. */
function tellMissingLast(command: Command): void {
  command.commands.forEach(tellMissingLast);
  const required = command.options.filter(({ mandatory }) => mandatory);
  for (const option of required) option.makeOptionMandatory(false);
  command.hook('preAction', (_, acting) => {
    const missing = required.find((option) => acting.getOptionValue(option.attributeName()) === undefined);
    if (missing) acting.error(`error: required option '${missing.flags}' not specified`);
  });
}

function addRunCommands(program: Command, words: Words, handlers: Handlers): void {
  trainingFlags(
    runCommand(program, 'bench', 'the main job: rewards, views and algorithms side by side, two to three minutes'),
  ).action(handlers.bench);
  trainingFlags(
    runCommand(program, 'experiment', 'a long grid; writes reports/reference/experiments/NAME, or NAME-SUITE'),
  )
    .argument('<name>', `one of: ${words.experiments.join(', ')}`)
    .option('--rows <label...>', 'only the jobs of these rows of the tables')
    .option('--judge <name>', 'the judge of experiment `language-judge`, as `train --judge` takes it')
    .action(handlers.experiment);
  trainOnlyFlags(
    rewardJudgeFlags(
      trainingFlags(runCommand(program, 'train', 'one training of the embedded policy with its learning curve')),
      words.judges,
    ),
  )
    .option(
      '--algorithm <name>',
      `learner: ${words.algorithms.join(', ')}; also as NAME?setting=value&setting=value (docs/learners.md)`,
      algorithmAmong(words.algorithms),
      'grpo',
    )
    .action(handlers.train);
  policyFlags(
    runCommand(program, 'run', 'one policy over a suite or your own tasks, no training'),
    words.policies,
  ).action(handlers.run);
}

function addReportCommands(program: Command, words: Words, handlers: Handlers): void {
  program
    .command('report')
    .description('make tables and page of a run again from its files')
    .argument('<run>', runHelp)
    .option('--trainings <folder...>', 'finetunings whose cost and rewards are to stand beside it')
    .action(handlers.report);
  runCommand(program, 'gate', 'compare a run with the committed reference; without a run, make the short one first')
    .argument('[run]', runHelp)
    .option('--reference <folder>', 'where the reference stands', words.gateFolder)
    .option('--accept <reason>', 'make this run the new reference, for this reason')
    .action(handlers.gate);
  perfFlags(
    program.command('perf').description('speed of calls, episodes and training beside yardsticks, all in one run'),
  ).action(handlers.perf);
}

function addTaskCommands(program: Command, words: Words, handlers: Handlers): void {
  program
    .command('suites')
    .description('the task suites with their scale: floor, retrieval, ceiling, tokens, seconds')
    .option('--measure <name>', 'run the policies that set the scale of this suite, and keep their figures')
    .option('--concurrency <n>', concurrencyHelp, wholeNumber)
    .action(handlers.suites);
  program
    .command('servers')
    .description('the MCP servers, their versions, tools and schema hashes')
    .action(handlers.servers);
  const tasks = program
    .command('tasks')
    .description('tasks of your own (docs/own-tasks.md), and those of public formats');
  tasks
    .command('check')
    .description('start the servers of a task file and say which of its tasks is broken, and how')
    .argument('<file>', 'YAML, JSON or JSON Lines')
    .action(handlers.checkTasks);
  tasks
    .command('import')
    .description('turn tasks of a public format into a task file, with lists of what was skipped (docs/importers.md)')
    .addOption(new Option('--format <name>', 'format of the input').choices(words.formats).makeOptionMandatory())
    .argument('<in>', 'file or folder of that format')
    .argument('<out>', 'task file to write, in YAML')
    .action(handlers.importTasks);
}

/** Stands below the list of commands. */
const helpText = `
Begin with:
  toolstone bench                                  trains, measures, writes reports/runs/bench/report.html
  toolstone run --policy retrieval                 a policy that does not learn
  toolstone run --policy ollama:qwen3:4b           a model of a local Ollama server (OLLAMA_HOST names another)
  toolstone run --policy openai:MODEL              any OpenAI-compatible endpoint (OPENAI_BASE_URL, OPENAI_API_KEY)
  toolstone run --policy pointer:RUN/checkpoints/NAME.checkpoint
  toolstone run --policy ollama:qwen3:4b --tasks FILE    your own tasks on your own servers (docs/own-tasks.md)
  toolstone run --policy old=llama:A.gguf --policy new=llama:B.gguf --split test --split wording    side by side

A run that was stopped goes on when the same command is given again; with the same --out and further policies or splits it
grows. Numbers depend on seeds and names alone, never on --concurrency.

Exit codes: 0 well, 1 the gate found a regression, 2 wrong use, 3 not enough data (void episodes too), 4 incomparable,
70 a fault of Toolstone's own, 130 interrupted.
`;
