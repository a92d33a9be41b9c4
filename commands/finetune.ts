import { dirname, join, resolve } from 'node:path';
import { Argument, type Command, Option } from '@commander-js/extra-typings';
import type { Aliasing } from '../core/alias-types.ts';
import { UsageError } from '../core/errors.ts';
import type { FinetuneKind } from '../core/record/training-record.ts';
import { nameIn } from '../core/settings.ts';
import type { OpenRewardJudge } from '../judges/reward/reward-judge.ts';
import type { Death } from '../finetune/drive/dead-training.ts';
import type { FinetuneOptions } from '../finetune/drive/options.ts';
import type { ReadingLimits } from '../finetune/judge/judge-to-be.ts';
import type { TaskFileSource } from '../suites/tasks/suite-list.ts';
import { addCardFlags, type CardFlags } from './shared/card-flags.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addAliasFlags, addDistractorFlags, type AliasFlags, type DistractorFlags } from './shared/distractor-flags.ts';
import { addServerFlags } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { decimal, wholeNumber } from './shared/flag-values.ts';
import {
  executionOption,
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
  withRewardJudge,
  type RewardJudgeFlags,
} from './shared/flags.ts';
import { addOwnServerFlags, type OwnServerFlags } from './shared/own-server-flags.ts';
import { runsFolder } from './shared/places.ts';
import type { ServedChoice } from './shared/served.ts';
import { print, tell } from './shared/printing.ts';
import { taskFileOf, taskSource } from './shared/task-source.ts';

const kinds = ['sft', 'rft', 'grpo', 'judge'] as const satisfies readonly FinetuneKind[];

const finetuning: CommandDefinition = {
  summary: 'finetune a language model with TRL, from a GGUF file to a GGUF file (docs/finetune.md)',
  define: async (command) => {
    const kind = 'imitate the oracle, keep what was rewarded, learn from groups, or learn to judge from labels';
    // first, so that all other flags may stand in a recipe
    addCardFlags(command);
    addServerFlags(command);
    addCountingFlags(command);
    addDistractorFlags(command);
    addAliasFlags(command);
    addOwnServerFlags(command);
    const flagged = await withRewardJudge(withFlags(command));
    flagged.addArgument(new Argument('<kind>', kind).choices(kinds)).action((chosen, flags) => finetune(chosen, flags));
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
    .addOption(executionOption())
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
    .addOption(new Option('--rank <n>', 'rank of the adapter').argParser(wholeNumber).conflicts('layers'))
    .option(
      '--layers <n>',
      'train the weights of the upper layers, this many, in place of an adapter: each step takes less time',
      wholeNumber,
    )
    .addOption(seedOption('random seed of the adapter, the order and the sampling'))
    .option('--threads <n>', 'processor threads of the trainer, all of its processes together', wholeNumber)
    .option(
      '--openings <n>',
      'sft, rft: first turns of other episodes in each sequence, beside two whole ones; by default 3',
      wholeNumber,
    )
    .option(
      '--contrasts',
      "sft, rft: episodes of a sequence are of different families and share their tools' names; with --alias, give --alias '1?per=number'",
    )
    .option('--prompts <n>', 'grpo: tasks per step', wholeNumber)
    .option('--generations <n>', 'grpo: episodes per task', wholeNumber)
    .option(
      '--turns <n>',
      'grpo: largest number of calls per episode; a long one keeps all others waiting',
      wholeNumber,
    )
    .option('--beta <x>', 'grpo: weight of the divergence from the base', decimal)
    .addOption(
      new Option(
        '--normalise <what>',
        'grpo: what is normalised in a group: its rewards (sum), or each criterion of which they are the sum (component)',
      ).choices(['sum', 'component']),
    )
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
    .option('--plan', 'try a few steps, say how long all would take and how much memory, and keep nothing')
    .addOption(parallelOption('episodes recorded in parallel'))
    .option('--out <folder>', 'folder of the result; by default reports/runs/finetune-KIND-SUITE')
    .addOption(freshOption());

type Flags = ReturnType<ReturnType<typeof withFlags>['opts']> &
  RewardJudgeFlags &
  DistractorFlags &
  AliasFlags &
  OwnServerFlags &
  CardFlags;

async function finetune(kind: FinetuneKind, flags: Flags): Promise<void> {
  const { chosenAliasing } = await import('../envs/aliases/choice.ts');
  const { offeredIn } = await import('./shared/offered-tools.ts');
  const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
  const { finetunedSource } = await import('./shared/run-identity.ts');
  const { fixedJob } = await import('./shared/jobs.ts');
  const { recordJobs } = await import('./shared/run-and-report.ts');
  const { refuseTooFew } = await import('./shared/own-jobs.ts');
  const { finetuneRewards } = await import('./shared/finetune-rewards.ts');
  const { measuring } = await import('./shared/measuring.ts');
  const { codeVersion } = await import('./shared/version.ts');
  const {
    suite: house,
    tasks: file,
    task,
    limit,
    view,
    execution,
    concurrency,
    labels,
    evidenceTokens,
    criterionTokens,
    judge: _named,
    out,
    fresh,
    plan,
    ...options
  } = flags;
  const { reward } = options;
  const aliasing = chosenAliasing();
  const alias = aliasing?.asked;
  if (options.contrasts === true) refuseContrasts(view, aliasing);
  const source = taskSource({ suite: house, tasks: file, task }, { isDivided: true });
  const suite = await suiteNamed(source);
  const isJudge = kind === 'judge' && labels !== undefined;
  const learning = isJudge
    ? await judgeFrom(labels, taskFileOf({ tasks: file, task }), { evidenceTokens, criterionTokens })
    : undefined;
  if (suite.isOwn && kind !== 'judge') refuseTooFew(suite, new Map([['train', 1]]));
  const tasks = suite.isOwn && kind !== 'judge' ? suite.tasks('train', limit).length : limit;
  const { asked, open, components } = await finetuneRewards(kind, flags, suite, tasks);
  const { version } = codeVersion();
  const code = finetunedSource(suite, { view, training: null, ...asked });
  const by = { ...(execution === 'calls' ? {} : { execution }), ...(alias === undefined ? {} : { alias }) };
  const taught = learning
    ? { labels: learning.labels, settings: learning.settings }
    : { suite: suite.name, view, ...by, ...(open ? { judge: open.use } : {}) };
  const training: FinetuneOptions = {
    ...options,
    ...(execution === 'calls' ? {} : { turnTokens: programTokens }),
    kind,
    tasks,
    about: { ...taught, version, source: code },
    ...(learning ? { judge: learning } : {}),
    ...(components ? { components } : {}),
    out: resolve(out ?? join(runsFolder, `finetune-${kind}-${(learning?.suite ?? suite).name}`)),
    isFresh: fresh === true,
    offered: (run) => offeredIn(run, taskFileOf({ tasks: file, task })),
    record: ({ policy, split, tasks: count, out: episodes, isRewarded }) => {
      const job = {
        ...fixedJob(policy, view, {}, [{ split, tasks: count }], 1, execution),
        ...(isRewarded ? asked : {}),
      };
      return recordJobs('finetune', `finetune-${split}`, [job], { suite: source, concurrency, out: episodes });
    },
    serve: ({ out: episodes, sessions }) =>
      serveTrainer({ source, view, execution, reward, tasks, ...asked }, { opened: open, episodes, sessions }),
    told: tell,
  };
  if (plan) return printPlan(training);
  const { finetune: train } = await import('../finetune/drive/finetune.ts');
  const { death, folder, gguf } = await train(training);
  if (death) return printDeath(death, folder);
  const measure = learning
    ? `calibrate --judge llama:${gguf} --labels LABELS, e.g. fresh ones of toolstone defects --split test`
    : measuring(gguf, flags);
  print(`Model: ${gguf}\nMeasure it: toolstone ${measure}`);
}

/** Throws `UsageError` where no two families are shown the same tools by the same names, or nobody could tell. */
function refuseContrasts(view: string, aliasing: Aliasing | undefined): void {
  if (!viewsWithNames.has(nameIn(view)))
    throw new UsageError(
      `--contrasts compares what stands in the system prompt, where the view ${view} names no tools. Choose one of the views ${[...viewsWithNames].join(', ')}, or leave out --contrasts.`,
    );
  if (aliasing && aliasing.per === undefined)
    throw new UsageError(
      `--contrasts puts episodes of different families into a sequence that share their names, and with --alias ${aliasing.asked} each ` +
        `task has names of its own. Give --alias '${nameIn(aliasing.asked)}?per=number'.`,
    );
}
const viewsWithNames: ReadonlySet<string> = new Set(['eager', 'server', 'tool']);

async function printPlan(training: FinetuneOptions): Promise<void> {
  const { planText, planTraining } = await import('../finetune/drive/plan.ts');
  const plan = await planTraining(training);
  if ('sentence' in plan) printDeath(plan, 'the trial');
  else print(planText(plan));
}

function printDeath({ sentence }: Death, where: string): void {
  print(`Stopped in ${where}: ${sentence}`);
  process.exitCode = exitCodes.notEnoughData;
}

interface TrainerServer {
  /** Judge of the rewards, where there is one; open for the whole training. */
  readonly opened: OpenRewardJudge | undefined;
  /** Folder of the sessions' run. */
  readonly episodes: string;
  /** Episodes at a time. */
  readonly sessions: number;
}

/** The environment server of a training, on a free port. */
async function serveTrainer(choice: ServedChoice, { opened, episodes, sessions }: TrainerServer) {
  const { startServedRun } = await import('../finetune/ors/serve.ts');
  const { finetunedSource } = await import('./shared/run-identity.ts');
  const { servedOptions } = await import('./shared/served.ts');
  const served = await servedOptions('finetune', choice, finetunedSource, { opened, told: untold });
  const own = { host: '127.0.0.1', port: 0, out: episodes, isFresh: false };
  return startServedRun({ ...served, ...own, sessions, unheardSeconds });
}

/** Of a lost judge: it is the training that ends with that sentence. */
const untold = (): void => undefined;

/** Programs of the oracle with a loop in a loop have some two hundred. */
const programTokens = 320;

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

/** Seconds without a word from the trainer after which its sessions are closed; it pings every ten. */
const unheardSeconds = 60;
