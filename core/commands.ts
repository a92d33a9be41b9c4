import { Command, InvalidArgumentError, Option } from 'commander';
import { addJudgeCommands, type JudgeHandlers } from './judge-commands.ts';
import type { PerfFlags } from './perf.ts';
import type { ExperimentOptions } from './run-types.ts';
import { rewardNames, type RewardName } from './reward-types.ts';
import { splits, viewNames, type Split, type ViewName } from './types.ts';

/** Flags of every command that makes a run. */
export interface RunFlags {
  readonly suite: string;
  readonly out?: string;
  readonly fresh?: boolean;
  readonly concurrency: number;
  readonly seeds?: number;
  readonly episodes?: number;
  readonly view?: ViewName;
  readonly reward?: RewardName;
}

/** Flags of `run`. */
export interface PolicyFlags extends RunFlags {
  readonly policy: string;
  readonly view: ViewName;
  readonly split?: Split;
  readonly tasks?: string;
  readonly limit: number;
  readonly requestsPerMinute?: number;
  readonly totalTokens?: number;
}

export interface TrainFlags extends RunFlags {
  readonly algorithm: string;
}

export interface GateFlags extends RunFlags {
  readonly reference: string;
  readonly accept?: string;
}

export interface SuitesFlags {
  readonly measure?: string;
  readonly concurrency: number;
}

export interface ImportFlags {
  readonly format: string;
}

export interface ServeFlags extends Pick<RunFlags, 'suite' | 'out' | 'fresh'> {
  readonly view: ViewName;
  readonly reward: string;
  readonly sessions: number;
  readonly tasks: number;
  readonly families?: string;
  readonly host: string;
  readonly port: number;
  readonly tokenFile?: string;
  readonly reapAfter: number;
}

/** What each command does; arguments as the user gave them. */
export interface Handlers extends JudgeHandlers {
  readonly bench: (options: RunFlags) => Promise<void>;
  readonly experiment: (name: string, options: RunFlags) => Promise<void>;
  readonly train: (options: TrainFlags) => Promise<void>;
  readonly run: (options: PolicyFlags) => Promise<void>;
  readonly report: (run: string) => void;
  readonly gate: (run: string | undefined, options: GateFlags) => Promise<void>;
  readonly perf: (options: PerfFlags) => Promise<void>;
  readonly suites: (options: SuitesFlags) => Promise<void>;
  readonly servers: () => void;
  readonly checkTasks: (file: string) => Promise<void>;
  readonly importTasks: (input: string, output: string, options: ImportFlags) => Promise<void>;
  readonly serve: (options: ServeFlags) => Promise<void>;
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
  addServeCommand(program, handlers);
  addJudgeCommands(program, { judges: words.judges, runHelp, freshHelp, wholeNumber, taskFile }, handlers);
  return program;
}

function addRunCommands(program: Command, words: Words, handlers: Handlers): void {
  trainingFlags(
    runCommand(program, 'bench', 'the main job: rewards, views and algorithms side by side, about two minutes'),
  ).action(handlers.bench);
  trainingFlags(runCommand(program, 'experiment', 'a long grid; writes reports/reference/experiments/NAME'))
    .argument('<name>', `one of: ${words.experiments.join(', ')}`)
    .action(handlers.experiment);
  trainingFlags(runCommand(program, 'train', 'one training of the embedded policy with its learning curve'))
    .addOption(new Option('--algorithm <name>', 'learner').choices(words.algorithms).default('grpo'))
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
    .option('--concurrency <n>', 'episodes in parallel; changes no number but the seconds', wholeNumber, 8)
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

function addServeCommand(program: Command, handlers: Handlers): void {
  program
    .command('serve')
    .description(
      'an environment server for trainers (Open Reward Standard): any suite, every session a recorded episode',
    )
    .option('--suite <name>', suiteHelp, 'basic')
    .addOption(new Option('--view <name>', viewHelp).choices(viewNames).default('tool'))
    .option('--reward <name>', `given at the end: ${rewardNames.join(', ')}`, 'rubric')
    .option('--sessions <n>', 'episodes at a time; a session beyond them is refused', wholeNumber, 8)
    .option('--tasks <n>', 'tasks of each split', wholeNumber, 1000)
    .option('--families <names>', 'only these, with commas between')
    .option('--host <address>', 'another than this machine needs --token-file', '127.0.0.1')
    .option('--port <n>', 'port', wholeNumber, 8700)
    .option('--token-file <file>', 'file that holds the token which every request must carry')
    .option('--reap-after <seconds>', 'silence after which a session is closed', wholeNumber, 60)
    .option('--out <folder>', outHelp)
    .option('--fresh', freshHelp)
    .action(handlers.serve);
}

const suiteHelp = 'task suite (see `toolstone suites`)';
const outHelp = 'run folder; by default one in reports/runs, free or with this very run';
const freshHelp = 'throw away what the folder holds of an earlier run';
const runHelp = 'name below reports/runs, or a folder';

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

function taskFile(text: string): string {
  if (/\.(ya?ml|jsonl?)$/.test(text)) return text;
  throw new InvalidArgumentError('Give a file that ends in .yaml, .yml, .json or .jsonl; --limit says how many tasks.');
}

/** What `--view` chooses. */
const viewHelp = 'how tools are shown: all schemas at once, a server at a time, or a tool at a time';

/** Stands below the list of commands. */
const helpText = `
Begin with:
  toolstone bench                                  trains, measures, writes reports/runs/bench/report.html
  toolstone run --policy retrieval                 a policy that does not learn
  toolstone run --policy ollama:qwen3:4b           a model of a local Ollama server (OLLAMA_HOST names another)
  toolstone run --policy openai:MODEL              any OpenAI-compatible endpoint (OPENAI_BASE_URL, OPENAI_API_KEY)
  toolstone run --policy pointer:RUN/checkpoints/NAME.checkpoint
  toolstone run --policy ollama:qwen3:4b --tasks FILE    your own tasks on your own servers (docs/own-tasks.md)

A run that was stopped goes on when the same command is given again. Numbers depend on seeds and names alone, never on
--concurrency.

Exit codes: 0 well, 1 the gate found a regression, 2 wrong use, 3 not enough data (void episodes too), 4 incomparable,
70 a fault of Toolstone's own, 130 interrupted.
`;

/** A command that makes a run, with the flags they all have. */
function runCommand(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .description(summary)
    .option('--suite <name>', suiteHelp, 'basic')
    .option('--out <folder>', outHelp)
    .option('--fresh', freshHelp)
    .option('--concurrency <n>', 'episodes in parallel; changes no number', wholeNumber, 8);
}

/** Adds the flags of commands that train. */
function trainingFlags(command: Command): Command {
  return command
    .addOption(new Option('--view <name>', viewHelp).choices(viewNames))
    .addOption(new Option('--reward <name>', 'only this reward').choices(rewardNames))
    .option('--seeds <n>', 'trainings per arm; by default as many as the command is made for', wholeNumber)
    .option(
      '--episodes <n>',
      'episodes of each training, rounded up to whole updates; the budget is never a clock',
      wholeNumber,
    );
}

/** Adds the flags of `run`. */
function policyFlags(command: Command, policyNames: string): Command {
  return command
    .requiredOption('--policy <name>', policyNames)
    .option(
      '--tasks <file>',
      'tasks of your own instead of a suite: YAML, JSON or JSON Lines (docs/own-tasks.md)',
      taskFile,
    )
    .addOption(new Option('--view <name>', viewHelp).choices(viewNames).default('tool'))
    .addOption(
      new Option('--split <name>', 'which tasks; by default `test`, or the first the suite has').choices(splits),
    )
    .option('--limit <n>', 'number of tasks at most', wholeNumber, 60)
    .option('--requests-per-minute <n>', 'rate ceiling of a model endpoint', wholeNumber)
    .option(
      '--total-tokens <n>',
      'cost ceiling of a model endpoint: prompt and output tokens of the whole run',
      wholeNumber,
    );
}

/** An experiment's sizes, with what the user asked for in place of its own. */
export function sizesOf(defaults: ExperimentOptions, { seeds, episodes, view, reward }: RunFlags): ExperimentOptions {
  return {
    ...defaults,
    ...(seeds === undefined ? {} : { seeds }),
    ...(episodes === undefined ? {} : { episodes }),
    ...(view === undefined ? {} : { view }),
    ...(reward === undefined ? {} : { rewards: [reward] }),
  };
}

/** Adds the flags of `perf`. */
function perfFlags(command: Command): Command {
  return command
    .option('--json <file>', 'write the figures there too')
    .option('--rounds <n>', 'rounds in which both sides take turns', wholeNumber, 11)
    .option('--only <name>', 'one measurement');
}
