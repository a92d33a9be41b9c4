#!/usr/bin/env node
import './core/node-version.ts';
import { relative, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import modelLoop from './baselines/model-loop.ts';
import noOp from './baselines/no-op.ts';
import oracle from './baselines/oracle.ts';
import makePointer from './baselines/pointer.ts';
import random from './baselines/random.ts';
import retrieval from './baselines/retrieval.ts';
import { readCheckpoint } from './core/checkpoint.ts';
import { messageOf, UsageError } from './core/errors.ts';
import { loadFrom, namesIn } from './core/folder.ts';
import { runJob } from './core/job.ts';
import { defaultLimits } from './core/limits.ts';
import type { ModelClient } from './core/models/model-client.ts';
import ollamaClient from './core/models/ollama.ts';
import openAiClient from './core/models/openai.ts';
import { Interrupted, ownVersion, runJobs } from './core/run-jobs.ts';
import type { Experiment, Job, Learner, Manifest } from './core/run-types.ts';
import { seedOf } from './core/seeds.ts';
import type { Trainable } from './core/tensor/trainable.ts';
import { keyText, type EpisodeKey } from './core/trajectory.ts';
import type { OpenView, Policy, RewardName, Split, Suite, ViewName } from './core/types.ts';
import { jobWorkerData, serveJobs } from './core/worker-thread.ts';
import { describeServer } from './envs/toolspaces.ts';
import { openWorldPool } from './envs/world-pool.ts';
import { rubricFormula } from './judges/rubric.ts';
import { score } from './judges/rewards.ts';
import compare from './reports/gate.ts';
import readRun, { findRun } from './reports/read-run.ts';
import { readReference, referenceOf, writeReference } from './reports/reference.ts';
import { tableMarkdown } from './reports/table.ts';
import writeReport from './reports/write-report.ts';
import writeTables, { tablesOf } from './reports/write-tables.ts';
import { suiteNamed } from './suites/catalogue.ts';
import { fixedJob, trainingJob } from './suites/jobs.ts';

const here = (path: string) => new URL(path, import.meta.url);
const folder = {
  experiments: here('./suites/experiments/'),
  baselines: here('./baselines/'),
  views: here('./envs/views/'),
};
const runsFolder = resolve('reports/runs');
const gateFolder = resolve('reports/reference/gate');
const views: readonly ViewName[] = ['eager', 'server', 'tool'];
const rewardNames: readonly RewardName[] = ['sparse', 'state-share', 'rubric'];
const splits: readonly Split[] = ['train', 'validation', 'test', 'wording', 'fuzzy', 'held-out-server'];
const algorithms = ['grpo', 'reinforce'];
const policyNames = 'no-op, random, retrieval, oracle, pointer:CHECKPOINT, ollama:MODEL, openai:MODEL';
const exitCodes = { pass: 0, regressed: 1, 'not-enough-data': 3, incomparable: 4 } as const;
const print = (text: string) => process.stdout.write(`${text}\n`);

/** A worker thread: suite, worlds, policy, view and judge meet here. */
async function serve({ suite: suiteName, lanes }: { suite: string; lanes: number }): Promise<void> {
  const suite = await suiteNamed(suiteName);
  const pool = openWorldPool({ lanes });
  const clock = () => performance.now();
  const told = new Set<string>();
  serveJobs(
    async ({ job, resume, done }, emit, signal) => {
      const openView = await loadFrom<OpenView>(folder.views, job.view, 'view');
      const written = new Set(done);
      await runJob(job, {
        suite,
        pool,
        lanes,
        openView,
        limits: defaultLimits,
        score,
        ...(await policiesOf(job, suite)),
        resume,
        isDone: (key: EpisodeKey) => written.has(keyText(key)),
        emit: (message) => {
          if (message.kind === 'system' && told.has(message.hash)) return;
          if (message.kind === 'system') told.add(message.hash);
          emit(message);
        },
        clock,
        signal,
      });
    },
    () => pool.dispose(),
  );
}

/** What a job needs of baselines: a policy that does not learn, or a learner and the greedy reading of its weights. */
async function policiesOf(job: Job, suite: Suite): Promise<{ evaluated: Policy; learner: Learner | null }> {
  const [name, argument] = nameAndArgument(job.policy);
  if (name !== 'pointer') return { evaluated: await fixedPolicy(job, name, argument, suite), learner: null };
  const pointer = makePointer(seedOf('pointer', job.seed));
  if (job.training) {
    const { algorithm } = job.training;
    const makeLearner = await loadFrom<(trainable: Trainable) => Learner>(
      folder.baselines,
      algorithm,
      'algorithm',
      algorithms,
    );
    return { evaluated: pointer.greedy, learner: makeLearner(pointer.trainable) };
  }
  pointer.load(readCheckpoint(resolve(argument)).state);
  return { evaluated: pointer.greedy, learner: null };
}

async function fixedPolicy(job: Job, name: string, argument: string, suite: Suite): Promise<Policy> {
  if (name === 'no-op') return noOp();
  if (name === 'random') return random();
  if (name === 'retrieval') return retrieval();
  if (name === 'oracle') {
    const tasks = job.evaluations.flatMap((one) => suite.tasks(one.split, one.tasks));
    const plans = new Map(tasks.map((task) => [task.id, task.plan]));
    return oracle((taskId) => plans.get(taskId) ?? []);
  }
  const client = modelClient(name, argument, seedOf('endpoint', job.seed));
  await client.check(AbortSignal.timeout(30_000));
  return modelLoop({ client });
}

function modelClient(name: string, model: string, seed: number): ModelClient {
  if (name === 'ollama' && model !== '') {
    const host = process.env['OLLAMA_HOST'];
    return ollamaClient({ model, seed, ...(host ? { host } : {}) });
  }
  if (name === 'openai' && model !== '') return openAiClient({ model, seed });
  throw new UsageError(`There is no policy "${name}". Known: ${policyNames}.`);
}

/** `ollama:qwen3:4b` → `ollama` and `qwen3:4b`. */
function nameAndArgument(policy: string): readonly [name: string, argument: string] {
  const colon = policy.indexOf(':');
  return colon < 0 ? [policy, ''] : [policy.slice(0, colon), policy.slice(colon + 1)];
}

/** Jobs of an experiment, run, reported and printed. Returns the run's folder. */
async function runExperiment(command: string, name: string, options: RunFlags): Promise<string> {
  const experiment = await loadFrom<Experiment>(folder.experiments, name, 'experiment');
  const { defaults } = experiment;
  const jobs = experiment.jobs({
    seeds: options.seeds ?? defaults.seeds,
    episodes: options.episodes ?? defaults.episodes,
    view: options.view ?? defaults.view,
    ...(options.reward ? { rewards: [options.reward] } : {}),
  });
  return runAndReport(command, command === name ? name : `${command}-${name}`, jobs, options);
}

async function runAndReport(command: string, name: string, jobs: readonly Job[], options: RunFlags): Promise<string> {
  const suite = await suiteNamed(options.suite);
  const manifest: Manifest = {
    version: 1,
    name,
    command,
    suite: suite.name,
    toolstone: ownVersion(new URL(import.meta.url)),
    node: process.versions.node,
    servers: Object.fromEntries([...suite.servers, ...suite.heldOutServers].map((one) => [one, describeServer(one)])),
    limits: defaultLimits,
    rubricFormula,
    jobs,
  };
  const path = await runJobs({
    manifest,
    jobs,
    base: runsFolder,
    out: options.out === undefined ? undefined : resolve(options.out),
    isFresh: options.fresh === true,
    concurrency: options.concurrency,
    entry: new URL(import.meta.url),
    settings: { suite: suite.name },
  });
  printReport(path);
  return path;
}

function printReport(path: string): void {
  const { page, tables, notes } = writeReport(path);
  for (const table of tables) if (table.rows.length > 0) print(tableMarkdown(table));
  for (const note of notes) process.stderr.write(`${note}\n`);
  print(`Report: ${relative(process.cwd(), page)}`);
}

/* ---- the command line --------------------------------------------------------------------------------------- */

interface RunFlags {
  readonly suite: string;
  readonly out?: string;
  readonly fresh?: boolean;
  readonly concurrency: number;
  readonly seeds?: number;
  readonly episodes?: number;
  readonly view?: ViewName;
  readonly reward?: RewardName;
}

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
};

/** A command with the flags of everything that makes a run. */
function runCommand(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .description(summary)
    .option('--suite <name>', 'task suite (see `toolstone suites`)', 'basic')
    .option('--out <folder>', 'run folder; by default the next free one in reports/runs')
    .option('--fresh', 'throw away what the folder holds of an earlier run')
    .option('--concurrency <n>', 'episodes in parallel; changes no number', wholeNumber, 8);
}

function trainingFlags(command: Command): Command {
  return command
    .addOption(new Option('--view <name>', 'how the policy sees the tools').choices(views))
    .addOption(new Option('--reward <name>', 'only this reward').choices(rewardNames))
    .option('--seeds <n>', 'trainings per arm', wholeNumber)
    .option('--episodes <n>', 'training episodes per training', wholeNumber);
}

function commandLine(): Command {
  const program = new Command('toolstone')
    .description('Benchmark and reward-modelling harness for tool-using small models over real MCP servers')
    .version(ownVersion(new URL(import.meta.url)).version)
    .showHelpAfterError('(--help tells the known commands and flags)')
    .exitOverride();

  trainingFlags(
    runCommand(program, 'bench', 'the main job: rewards, views and algorithms side by side, about two minutes'),
  ).action(async (options: RunFlags) => void (await runExperiment('bench', 'bench', options)));

  trainingFlags(runCommand(program, 'experiment', 'a long grid; writes reports/reference/experiments/NAME'))
    .argument('<name>', `one of: ${namesIn(folder.experiments).join(', ')}`)
    .action(async (name: string, options: RunFlags) => {
      const run = readRun(await runExperiment('experiment', name, options));
      const target = resolve('reports/reference/experiments', name);
      writeTables(target, tablesOf([run]));
      print(`Tables of record: ${relative(process.cwd(), target)}`);
    });

  trainingFlags(runCommand(program, 'train', 'one training of the embedded policy with its learning curve'))
    .option('--algorithm <name>', 'learner', 'grpo')
    .action(async (options: RunFlags & { algorithm: string }) => {
      const { algorithm, reward = 'rubric', view = 'tool', episodes = 2048, seeds = 1 } = options;
      const jobs = Array.from({ length: seeds }, (_, index) =>
        trainingJob({
          algorithm,
          reward,
          view,
          seed: index + 1,
          episodes,
          rows: { rewards: reward },
          evaluations: [{ split: 'test', tasks: 60 }],
        }),
      );
      await runAndReport('train', `train-${algorithm}-${reward}-${view}`, jobs, options);
    });

  runCommand(program, 'run', 'one policy over a suite, no training')
    .requiredOption(
      '--policy <name>',
      'no-op, random, retrieval, oracle, pointer:CHECKPOINT, ollama:MODEL, openai:MODEL',
    )
    .addOption(new Option('--view <name>', 'how the policy sees the tools').choices(views).default('tool'))
    .addOption(new Option('--split <name>', 'which tasks').choices(splits).default('test'))
    .option('--tasks <n>', 'number of tasks', wholeNumber, 60)
    .action(async (options: RunFlags & { policy: string; view: ViewName; split: Split; tasks: number }) => {
      const { policy, view, split, tasks } = options;
      const rows = { algorithms: policy, views: `${policy}, ${view}` };
      const name = `run-${policy.replace(/[^\w.-]+/g, '-')}-${view}`;
      await runAndReport('run', name, [fixedJob(policy, view, rows, [{ split, tasks }])], options);
    });

  program
    .command('report')
    .description('make tables and page of a run again from its files')
    .argument('<run>', 'name below reports/runs, or a folder')
    .action((run: string) => printReport(findRun(run, runsFolder)));

  runCommand(program, 'gate', 'compare a run with the committed reference; without a run, make the short one first')
    .argument('[run]', 'name below reports/runs, or a folder')
    .option('--reference <folder>', 'where the reference stands', gateFolder)
    .option('--accept <reason>', 'make this run the new reference, for this reason')
    .action(async (name: string | undefined, options: RunFlags & { reference: string; accept?: string }) => {
      const path =
        name === undefined
          ? await runExperiment('gate', 'gate', { ...options, fresh: true })
          : findRun(name, runsFolder);
      const run = readRun(path);
      if (options.accept !== undefined) {
        print(`Accepted as reference: ${writeReference(options.reference, referenceOf(run, options.accept))}`);
        return;
      }
      const { verdict, reasons, offending } = compare(run, readReference(options.reference));
      if (offending.rows.length > 0) print(tableMarkdown(offending));
      for (const reason of reasons) print(reason);
      print(`gate: ${verdict.replaceAll('-', ' ')}`);
      process.exitCode = exitCodes[verdict];
    });
  return program;
}

/** Every failure is a sentence on standard error and an exit code of its own. */
function failWith(error: unknown): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof Interrupted) process.exitCode = 130;
  else if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(
      `This is a fault of Toolstone's own: ${messageOf(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}\n`,
    );
    process.exitCode = 70;
  }
}

const workerData = jobWorkerData();
if (workerData !== null) await serve(workerData as { suite: string; lanes: number });
else await commandLine().parseAsync().catch(failWith);
