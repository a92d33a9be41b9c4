import { Argument, Option, type Command } from 'commander';
import { decimal, freshHelp, outHelp, runHelp, suiteHelp, viewHelp, wholeNumber, type RunFlags } from './flags.ts';
import type { FinetuneKind } from '../../core/record/training-record.ts';
import { rewardNames, type RewardName } from '../../core/reward-types.ts';
import { viewNames, type ViewName } from '../../core/types.ts';

/** Flags of `serve`. */
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

/** Flags of `export`. */
export interface ExportFlags {
  readonly kind: string;
  readonly trainer: string;
  readonly reward: RewardName;
  readonly leastMargin?: number;
  readonly out: string;
}

/** Flags of `finetune`; those of the trainer that are absent are decided by its script. */
export interface FinetuneFlags extends Pick<RunFlags, 'suite' | 'out' | 'fresh' | 'concurrency'> {
  readonly base: string;
  readonly onto?: string;
  readonly view: ViewName;
  readonly reward: RewardName;
  readonly tasks: number;
  readonly rounds: number;
  readonly least: number;
  readonly steps?: number;
  readonly learningRate?: number;
  readonly rank?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly openings?: number;
  readonly prompts?: number;
  readonly generations?: number;
  readonly turns?: number;
  readonly beta?: number;
  readonly labels?: string;
  readonly evidenceTokens: number;
  readonly criterionTokens: number;
  readonly python?: string;
}

export interface TrainerHandlers {
  readonly finetune: (kind: FinetuneKind, options: FinetuneFlags) => Promise<void>;
  readonly serve: (options: ServeFlags) => Promise<void>;
  readonly export: (run: string, options: ExportFlags) => Promise<void>;
}

/** The commands for outside trainers (docs/finetune.md). */
export function addTrainerCommands(program: Command, handlers: TrainerHandlers): void {
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
  addFinetune(program, handlers);
  program
    .command('export')
    .description('stored episodes in the form of a trainer: to imitate, in pairs, or in rewarded groups')
    .argument('<run>', runHelp)
    .addOption(new Option('--kind <name>', 'what to make').choices(['sft', 'pairs', 'groups']).default('sft'))
    .addOption(
      new Option('--trainer <name>', 'whose form').choices(['trl', 'verl', 'prime-rl', 'tinker']).default('trl'),
    )
    .addOption(new Option('--reward <name>', 'reward of each episode').choices(rewardNames).default('rubric'))
    .option('--least-margin <x>', 'pairs: least difference of the two rewards; by default any', decimal)
    .requiredOption('--out <file>', 'JSON Lines to write')
    .action(handlers.export);
}

function addFinetune(program: Command, handlers: TrainerHandlers): void {
  program
    .command('finetune')
    .description(
      'train a language model through TRL: server, trainer and the way back to a GGUF file (docs/finetune.md)',
    )
    .addArgument(
      new Argument(
        '<kind>',
        'imitate the oracle, keep what was rewarded, learn by groups, or learn to judge by labels',
      ).choices(['sft', 'rft', 'grpo', 'judge']),
    )
    .requiredOption('--base <model>', 'GGUF file, or the folder `model` of an earlier finetuning')
    .option('--onto <file>', 'GGUF file whose tokenizer and layout the result takes over; by default the base')
    .option('--suite <name>', suiteHelp, 'micro')
    .addOption(new Option('--view <name>', viewHelp).choices(viewNames).default('tool'))
    .addOption(new Option('--reward <name>', 'what episodes earn').choices(rewardNames).default('rubric'))
    .option(
      '--tasks <n>',
      'tasks of split train: episodes of the oracle, sampled a round, or to draw from',
      wholeNumber,
      240,
    )
    .option('--rounds <n>', 'rft: rounds of sampling and training', wholeNumber, 1)
    .option('--least <x>', 'rft: least reward of an episode that is kept', decimal, 1)
    .option('--steps <n>', 'steps of the optimiser', wholeNumber)
    .option('--learning-rate <x>', 'highest learning rate', decimal)
    .option('--rank <n>', 'rank of the adapter', wholeNumber)
    .option('--seed <n>', 'of adapter, order and sampling', wholeNumber)
    .option('--threads <n>', 'processor threads of the trainer', wholeNumber)
    .option('--openings <n>', 'sft, rft: first turns of other episodes beside each whole one', wholeNumber)
    .option('--prompts <n>', 'grpo: tasks a step', wholeNumber)
    .option('--generations <n>', 'grpo: episodes a task', wholeNumber)
    .option('--turns <n>', 'grpo: calls of an episode at most; one that rambles keeps all others waiting', wholeNumber)
    .option('--beta <x>', 'grpo: weight of the divergence from the base', decimal)
    .option('--labels <file>', 'judge: verdicts to learn, in the folder of their run, e.g. of `toolstone defects`')
    .option('--evidence-tokens <n>', 'judge: what it reads of an episode', wholeNumber, 400)
    .option('--criterion-tokens <n>', 'judge: what it reads of a criterion', wholeNumber, 80)
    .option('--python <file>', 'interpreter that has the trainer; by default the one of test/finetune/setup-python.sh')
    .option('--concurrency <n>', 'episodes recorded in parallel; changes no number', wholeNumber, 4)
    .option('--out <folder>', 'folder; by default reports/runs/finetune-KIND-SUITE')
    .option('--fresh', freshHelp)
    .action(handlers.finetune);
}
