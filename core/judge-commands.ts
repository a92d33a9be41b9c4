import { Option, type Command } from 'commander';
import { fitnessNames, type FitnessName } from './calibration-types.ts';
import { formulaNames, rubricChoices, type FormulaName, type RubricChoice } from './reward-types.ts';

/** Flags of every command that has a judge judge a stored run. */
export interface JudgingFlags {
  readonly judge: string;
  readonly rubric: RubricChoice;
  readonly formula: FormulaName;
  readonly tasks?: string;
  readonly concurrency: number;
  readonly out?: string;
}

/** Flags of `judge`. */
export interface JudgeFlags extends JudgingFlags {
  readonly calibration?: string;
  readonly fitness?: FitnessName;
  readonly fresh?: boolean;
}

/** Flags of `calibrate`. */
export interface CalibrateFlags extends JudgingFlags {
  readonly labels: string;
}

export interface JudgeHandlers {
  readonly judge: (run: string, options: JudgeFlags) => Promise<void>;
  readonly calibrate: (run: string | undefined, options: CalibrateFlags) => Promise<void>;
}

/** What the commands about judges share with the others: help texts and readers of flags. */
interface Shared {
  readonly judges: readonly string[];
  readonly runHelp: string;
  readonly freshHelp: string;
  readonly wholeNumber: (text: string) => number;
  readonly taskFile: (text: string) => string;
}

/** The commands that treat judges as instruments (docs/judges.md). */
export function addJudgeCommands(program: Command, shared: Shared, handlers: JudgeHandlers): void {
  const { runHelp, freshHelp } = shared;
  judging(program.command('judge'), shared)
    .description('judge a stored run anew without a server, into a run folder of its own (docs/judges.md)')
    .argument('<run>', runHelp)
    .option('--calibration <file>', 'calibration.json whose stamp the run shall carry')
    .addOption(
      new Option('--fitness <name>', 'refuse and down-weight criteria by the calibration').choices(fitnessNames),
    )
    .option('--out <folder>', 'run folder; by default one in reports/runs')
    .option('--fresh', freshHelp)
    .action(handlers.judge);
  judging(program.command('calibrate'), shared)
    .description('how far a judge agrees with labels: figures, page and stamp (docs/judges.md)')
    .argument('[run]', `${runHelp}; by default the folder in which the labels lie`)
    .requiredOption('--labels <file>', 'JSON Lines, a label each')
    .option('--out <folder>', 'folder of the calibration; by default one in reports/runs')
    .action(handlers.calibrate);
}

function judging(command: Command, { judges, wholeNumber, taskFile }: Shared): Command {
  return command
    .requiredOption('--judge <name>', judges.join(', '))
    .addOption(
      new Option('--rubric <name>', 'the rubrics of the tasks, or one holistic score')
        .choices(rubricChoices)
        .default('own'),
    )
    .addOption(
      new Option('--formula <name>', 'how verdicts become a reward')
        .choices(formulaNames)
        .default('weight-proportional'),
    )
    .option('--tasks <file>', 'the task file, where the run was of your own tasks', taskFile)
    .option('--concurrency <n>', 'tasks judged at once; changes no number', wholeNumber, 4);
}
