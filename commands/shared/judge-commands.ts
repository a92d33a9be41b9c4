import { Option, type Command } from 'commander';
import { freshHelp, outHelp, runHelp, suiteHelp, taskFile, wholeNumber } from './flags.ts';
import { fitnessNames, unfitPolicies, type FitnessName, type UnfitPolicy } from '../../core/calibration-types.ts';
import { formulaNames, rubricChoices, type FormulaName, type RubricChoice } from '../../core/reward-types.ts';
import { addRubricCommand, rubricChoice, type RubricHandlers } from './rubric-commands.ts';
import type { RestampFlags } from './restamp.ts';
import { splits, type Split } from '../../core/types.ts';

/** Flags of every command that has a judge judge a stored run. */
export interface JudgingFlags {
  readonly judge: string;
  /** A choice of ours, or a rubric file. */
  readonly rubric: string;
  readonly formula: FormulaName;
  readonly tasks?: string;
  readonly concurrency: number;
  readonly out?: string;
}

/** Flags of `judge`. */
export interface JudgeFlags extends JudgingFlags {
  readonly calibration?: string;
  readonly attacks?: string;
  readonly fitness?: FitnessName;
  readonly fresh?: boolean;
}

/** Flags of `calibrate`. */
export interface CalibrateFlags extends JudgingFlags {
  readonly labels: string;
}

/** Flags of `defects`. */
export interface DefectFlags {
  readonly suite: string;
  readonly split: Split;
  readonly limit: number;
  readonly perTask?: number;
  readonly attacks?: boolean;
  readonly seed: number;
  readonly out?: string;
  readonly fresh?: boolean;
  readonly concurrency: number;
}

/** Flags of `judge-train`. */
export interface JudgeTrainFlags {
  readonly seed: number;
  readonly policies?: string;
  readonly out?: string;
  readonly tables: string;
  readonly concurrency: number;
}

/** Flags of `train` about the judge that it is rewarded by. */
export interface RewardJudgeFlags {
  readonly judge?: string;
  readonly rubric?: RubricChoice;
  readonly formula?: FormulaName;
  readonly calibration?: string;
  readonly fitness?: FitnessName;
  readonly unfit?: UnfitPolicy;
}

export interface JudgeHandlers extends RubricHandlers {
  readonly judge: (run: string, options: JudgeFlags) => Promise<void>;
  readonly calibrate: (run: string | undefined, options: CalibrateFlags) => Promise<void>;
  readonly defects: (options: DefectFlags) => Promise<void>;
  readonly judgeTrain: (options: JudgeTrainFlags) => Promise<void>;
  readonly restamp: (run: string, options: RestampFlags) => Promise<void>;
}

/** The commands that treat judges as instruments (docs/judges.md). */
export function addJudgeCommands(program: Command, judges: readonly string[], handlers: JudgeHandlers): void {
  judging(program.command('judge'), judges)
    .description('judge a stored run anew without a server, into a run folder of its own (docs/judges.md)')
    .argument('<run>', runHelp)
    .option('--calibration <file>', 'calibration.json whose stamp the run shall carry')
    .option('--attacks <file>', 'attacks.json whose figures the run shall carry, of attacked episodes by `calibrate`')
    .addOption(
      new Option('--fitness <name>', 'refuse and down-weight criteria by the calibration').choices(fitnessNames),
    )
    .option('--out <folder>', 'run folder; by default one in reports/runs')
    .option('--fresh', freshHelp)
    .action(handlers.judge);
  judging(program.command('calibrate'), judges)
    .description('how far a judge agrees with labels: figures, page and stamp (docs/judges.md)')
    .argument('[run]', `${runHelp}; by default the folder in which the labels lie`)
    .requiredOption('--labels <file>', 'JSON Lines, a label each')
    .option('--out <folder>', 'folder of the calibration; by default one in reports/runs')
    .action(handlers.calibrate);
  program
    .command('defects')
    .description(
      'plant known defects into reference episodes on real servers, with labels for calibrate (docs/judges.md)',
    )
    .option('--suite <name>', suiteHelp, 'broad')
    .addOption(new Option('--split <name>', 'which tasks').choices(splits).default('test'))
    .option('--limit <n>', 'number of tasks', wholeNumber, 60)
    .option('--per-task <n>', 'defects of each task; by default every one that fits', wholeNumber)
    .option('--attacks', 'dress failing episodes up for their judge, instead of planting every kind')
    .option('--seed <n>', 'of what is planted where', wholeNumber, 1)
    .option('--out <folder>', outHelp)
    .option('--fresh', freshHelp)
    .option('--concurrency <n>', 'episodes in parallel; changes no number', wholeNumber, 4)
    .action(handlers.defects);
  program
    .command('judge-train')
    .description('train the embedded judge on planted defects, and measure it (docs/judges.md)')
    .option('--seed <n>', 'of what is planted and of the weights', wholeNumber, 1)
    .option('--policies <run>', 'measure it on the episodes of this run, too')
    .option('--out <file>', 'weights; by default those that come with Toolstone are replaced')
    .option('--tables <folder>', 'what was measured', 'reports/reference/experiments/embedded-judge')
    .option('--concurrency <n>', 'episodes in parallel; changes no number', wholeNumber, 4)
    .action(handlers.judgeTrain);
  program
    .command('restamp')
    .description('give records of a judge the build of today, proven equal on a stored run (docs/judges.md)')
    .argument('<run>', `${runHelp}, whose verdicts an older build of the judge made`)
    .requiredOption('--judge <name>', judges.join(', '))
    .option('--records <file...>', 'records to change; by default those that come with Toolstone')
    .action(handlers.restamp);
  addRubricCommand(program, handlers);
}

function judging(command: Command, judges: readonly string[]): Command {
  return command
    .requiredOption('--judge <name>', judges.join(', '))
    .option(
      '--rubric <name>',
      `the rubrics of the tasks, one holistic score, or a rubric file: ${rubricChoices.join(', ')}, FILE.jsonl`,
      rubricChoice,
      'own',
    )
    .addOption(
      new Option('--formula <name>', 'how verdicts become a reward')
        .choices(formulaNames)
        .default('weight-proportional'),
    )
    .option('--tasks <file>', 'the task file, where the run was of your own tasks', taskFile)
    .option('--concurrency <n>', 'tasks judged at once; changes no number', wholeNumber, 4);
}

/** Adds the flags of a training's judge. */
export function rewardJudgeFlags(command: Command, judges: readonly string[]): Command {
  return command
    .option('--judge <name>', `who judges the rubric: ${judges.join(', ')} (default: code)`)
    .addOption(
      new Option('--rubric <name>', 'what that judge is asked: own criteria, or one score').choices(rubricChoices),
    )
    .addOption(
      new Option('--formula <name>', 'how its verdicts become a reward (default: weight-proportional)').choices(
        formulaNames,
      ),
    )
    .option('--calibration <file>', 'calibration.json of that judge; by default the one that comes with it')
    .addOption(new Option('--fitness <name>', 'thresholds for its criteria (default: strict)').choices(fitnessNames))
    .addOption(
      new Option('--unfit <policy>', 'what becomes of criteria below them (default: refuse)').choices(unfitPolicies),
    );
}
