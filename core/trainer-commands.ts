import { Option, type Command } from 'commander';
import { freshHelp, outHelp, runHelp, suiteHelp, viewHelp, wholeNumber, type RunFlags } from './flags.ts';
import { rewardNames, type RewardName } from './reward-types.ts';
import { viewNames, type ViewName } from './types.ts';

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

export interface TrainerHandlers {
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
  program
    .command('export')
    .description('stored episodes in the form of a trainer: to imitate, in pairs, or in rewarded groups')
    .argument('<run>', runHelp)
    .addOption(new Option('--kind <name>', 'what to make').choices(['sft', 'pairs', 'groups']).default('sft'))
    .addOption(
      new Option('--trainer <name>', 'whose form').choices(['trl', 'verl', 'prime-rl', 'tinker']).default('trl'),
    )
    .addOption(new Option('--reward <name>', 'reward of each episode').choices(rewardNames).default('rubric'))
    .option('--least-margin <x>', 'pairs: least difference of the two rewards; by default any', Number)
    .requiredOption('--out <file>', 'JSON Lines to write')
    .action(handlers.export);
}
