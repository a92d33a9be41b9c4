import { dirname, join, resolve } from 'node:path';
import { Argument, type Command } from '@commander-js/extra-typings';
import type { FinetuneKind } from '../core/record/training-record.ts';
import type { ReadingLimits } from '../finetune/judge/judge-to-be.ts';
import type { TaskFileSource, TaskSource } from '../suites/tasks/suite-list.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addDistractorFlags } from './shared/distractor-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { decimal, wholeNumber } from './shared/flag-values.ts';
import {
  freshOption,
  learntTasksHelp,
  limitOption,
  ownTasksOption,
  parallelOption,
  rewardOption,
  seedOption,
  suiteOption,
  taskOption,
  viewOption,
} from './shared/flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { runsFolder } from './shared/places.ts';
import { print, tell } from './shared/printing.ts';
import { taskFileOf, taskSource } from './shared/task-source.ts';

const kinds = ['sft', 'rft', 'grpo', 'judge'] as const satisfies readonly FinetuneKind[];

const finetuning: CommandDefinition = {
  summary: 'finetune a language model with TRL, from a GGUF file to a GGUF file (docs/finetune.md)',
  define: (command) => {
    const kind = 'imitate the oracle, keep what was rewarded, learn from groups, or learn to judge from labels';
    addServerFlags(command);
    addCountingFlags(command);
    addDistractorFlags(command);
    addOwnServerFlags(command);
    withFlags(command)
      .addArgument(new Argument('<kind>', kind).choices(kinds))
      .action((chosen, flags) => finetune(chosen, flags));
  },
};
export default finetuning;

/** Those of the trainer that are left out are decided by its script. */
const withFlags = (command: Command) =>
  command
    .requiredOption(
      '--base <model>',
      'decoder model: GGUF file, or folder with safetensors, e.g. the folder `model` of an earlier finetuning',
    )
    .option('--onto <file>', 'GGUF file whose tokenizer and layout the result takes over; by default the base')
    .addOption(suiteOption().default('micro'))
    .addOption(ownTasksOption(learntTasksHelp))
    .addOption(taskOption())
    .addOption(viewOption().default('tool'))
    .addOption(rewardOption('reward that episodes earn').default('rubric' as const))
    .addOption(
      limitOption(
        'largest number of tasks of the split train: episodes of the oracle, sampled per round, or to draw from',
      ).default(240),
    )
    .option('--rounds <n>', 'rft: rounds of sampling and training', wholeNumber, 1)
    .option('--least <x>', 'rft: smallest reward of an episode that is kept', decimal, 1)
    .option('--steps <n>', 'steps of the optimiser', wholeNumber)
    .option('--learning-rate <x>', 'highest learning rate', decimal)
    .option('--rank <n>', 'rank of the adapter', wholeNumber)
    .addOption(seedOption('random seed of the adapter, the order and the sampling'))
    .option('--threads <n>', 'processor threads of the trainer', wholeNumber)
    .option('--openings <n>', 'sft, rft: first turns of other episodes to add for each whole one', wholeNumber)
    .option('--prompts <n>', 'grpo: tasks per step', wholeNumber)
    .option('--generations <n>', 'grpo: episodes per task', wholeNumber)
    .option(
      '--turns <n>',
      'grpo: largest number of calls per episode; a long one keeps all others waiting',
      wholeNumber,
    )
    .option('--beta <x>', 'grpo: weight of the divergence from the base', decimal)
    .option(
      '--labels <file>',
      'judge: labels to learn from, in the folder of their run, for example from `toolstone defects`',
    )
    .option('--evidence-tokens <n>', 'judge: tokens that it reads of an episode', wholeNumber, 400)
    .option('--criterion-tokens <n>', 'judge: tokens that it reads of a criterion', wholeNumber, 80)
    .option(
      '--python <file>',
      'Python interpreter with the trainer; by default the one in your cache (`toolstone doctor` says how to add it)',
    )
    .addOption(parallelOption('episodes recorded in parallel'))
    .option('--out <folder>', 'folder of the result; by default reports/runs/finetune-KIND-SUITE')
    .addOption(freshOption());

type Flags = ReturnType<ReturnType<typeof withFlags>['opts']>;

async function finetune(kind: FinetuneKind, flags: Flags): Promise<void> {
  const { finetune: train } = await import('../finetune/drive/finetune.ts');
  const { offeredIn } = await import('./shared/offered-tools.ts');
  const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
  const { finetunedSource } = await import('./shared/run-identity.ts');
  const { fixedJob } = await import('./shared/jobs.ts');
  const { recordJobs } = await import('./shared/run-and-report.ts');
  const { refuseTooFew } = await import('./shared/own-jobs.ts');
  const { codeVersion } = await import('./shared/version.ts');
  const {
    suite: house,
    tasks: file,
    task,
    limit,
    view,
    concurrency,
    labels,
    evidenceTokens,
    criterionTokens,
    out,
    fresh,
    ...options
  } = flags;
  const source = taskSource({ suite: house, tasks: file, task }, { isDivided: true });
  const suite = await suiteNamed(source);
  const isJudge = kind === 'judge' && labels !== undefined;
  const judge = isJudge
    ? await judgeFrom(labels, taskFileOf({ tasks: file, task }), { evidenceTokens, criterionTokens })
    : undefined;
  if (suite.isOwn && kind !== 'judge') refuseTooFew(suite, new Map([['train', 1]]));
  const { version } = codeVersion();
  const code = finetunedSource(suite, view);
  const { death, folder, gguf } = await train({
    ...options,
    kind,
    tasks: suite.isOwn && kind !== 'judge' ? suite.tasks('train', limit).length : limit,
    about: judge
      ? { labels: judge.labels, settings: judge.settings, version, source: code }
      : { suite: suite.name, view, version, source: code },
    ...(judge ? { judge } : {}),
    out: resolve(out ?? join(runsFolder, `finetune-${kind}-${(judge?.suite ?? suite).name}`)),
    isFresh: fresh === true,
    offered: (run) => offeredIn(run, taskFileOf({ tasks: file, task })),
    record: ({ policy, split, tasks, out: episodes }) => {
      const job = fixedJob(policy, view, {}, [{ split, tasks }]);
      return recordJobs('finetune', `finetune-${split}`, [job], { suite: source, concurrency, out: episodes });
    },
    serve: (request) => serveTrainer({ ...request, source, view, reward: options.reward }),
    told: tell,
  });
  if (death) {
    print(`Stopped in ${folder}: ${death.sentence}`);
    process.exitCode = exitCodes.notEnoughData;
    return;
  }
  const measure = judge
    ? `calibrate --judge llama:${gguf} --labels LABELS, e.g. fresh ones of toolstone defects --split test`
    : `run --policy llama:${gguf} ${file === undefined ? `--suite ${house}` : `--tasks ${file} --split test`}`;
  print(`Model: ${gguf}\nMeasure it: toolstone ${measure}`);
}

/** The judge that learns the labels in a file beside their run. */
async function judgeFrom(file: string, tasks: TaskFileSource | undefined, limits: ReadingLimits) {
  const { readManifest } = await import('../core/record/read-run.ts');
  const { judgeToBe } = await import('../finetune/judge/judge-to-be.ts');
  const { readLabels } = await import('../judges/calibration/labels.ts');
  const { suiteOfRun } = await import('./shared/stored-run.ts');
  const labels = readLabels(file);
  const folder = dirname(file);
  const manifest = readManifest(folder);
  return judgeToBe({ folder, manifest, suite: await suiteOfRun(manifest, tasks), labels }, limits);
}

/** The environment server of a training, on a free port. */
async function serveTrainer({ source, view, reward, sessions, tasks, out }: ServerRequest) {
  const { chosenCounter, chosenLimits } = await import('../core/run/chosen.ts');
  const { viewNamed } = await import('../envs/view-list.ts');
  const { openWorldPool } = await import('../envs/world-pool.ts');
  const { servedRun, startServedRun } = await import('../finetune/ors/serve.ts');
  const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
  const { finetunedSource } = await import('./shared/run-identity.ts');
  const { tellConfinement } = await import('./shared/confinement.ts');
  const { manifestOf, tellAmiss } = await import('./shared/manifest.ts');
  const { viewModels } = await import('./shared/tell-views.ts');
  const { codeVersion } = await import('./shared/version.ts');
  const { suiteHere } = await import('./shared/suite-here.ts');
  const whole = await suiteNamed(source);
  const { name, job } = servedRun(whole, { view, reward, tasks });
  const { suite, without } = suiteHere(whole, [job]);
  tellConfinement(suite);
  const code = codeVersion();
  const manifest = {
    ...manifestOf('finetune', name, suite, [job], code, finetunedSource(suite, view), without),
    ...(await viewModels([job])),
  };
  tellAmiss(manifest);
  return startServedRun({
    suite,
    tasks,
    job,
    openView: await viewNamed(view),
    reward,
    limits: chosenLimits(),
    counter: chosenCounter(),
    sessions,
    unheardSeconds,
    openPool: (lanes) => openWorldPool({ lanes }),
    host: '127.0.0.1',
    port: 0,
    version: code.version,
    told: tell,
    manifest,
    base: runsFolder,
    out,
    isFresh: false,
    clock: () => performance.now(),
  });
}

interface ServerRequest {
  readonly source: TaskSource;
  readonly view: string;
  readonly reward: Flags['reward'];
  /** Episodes at a time. */
  readonly sessions: number;
  readonly tasks: number;
  /** Folder of the sessions' run. */
  readonly out: string;
}

/** Seconds without a word from the trainer after which its sessions are closed; it pings every ten. */
const unheardSeconds = 60;
