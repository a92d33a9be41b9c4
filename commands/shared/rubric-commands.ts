import { InvalidArgumentError, Option, type Command } from 'commander';
import { suiteHelp, taskFile, wholeNumber } from './flags.ts';
import { rubricChoices, writtenForms, type WrittenForm } from '../../core/reward-types.ts';
import { splits, type Split } from '../../core/types.ts';

/** Flags of `rubrics`. */
export interface RubricFlags {
  readonly suite: string;
  readonly tasks?: string;
  readonly split?: Split;
  readonly limit: number;
  readonly model: string;
  readonly form: WrittenForm;
  readonly withSolution?: boolean;
  readonly out: string;
  readonly fresh?: boolean;
  readonly concurrency: number;
}

export interface RubricHandlers {
  readonly rubrics: (options: RubricFlags) => Promise<void>;
}

/** Adds the command `rubrics`. */
export function addRubricCommand(program: Command, { rubrics }: RubricHandlers): void {
  program
    .command('rubrics')
    .description('have a model write rubrics of tasks, for `judge` and `calibrate --rubric FILE` (docs/judges.md)')
    .option('--suite <name>', suiteHelp, 'basic')
    .option('--tasks <file>', 'tasks of your own instead of a suite', taskFile)
    .addOption(
      new Option('--split <name>', 'which tasks; by default `test`, or the first the suite has').choices(splits),
    )
    .option('--limit <n>', 'number of tasks at most', wholeNumber, 60)
    .requiredOption('--model <name>', 'ollama:MODEL, openai:MODEL or llama:FILE.gguf')
    .addOption(
      new Option('--form <name>', 'twelve criteria as in the paper, or as many as a task needs')
        .choices(writtenForms)
        .default('atlas'),
    )
    .option('--with-solution', 'show the model the reference plan and answer, too')
    .requiredOption('--out <file>', 'JSON Lines, a task each; what it holds is not asked for again', rubricFile)
    .option('--fresh', 'throw away what the file holds')
    .option('--concurrency <n>', 'tasks at once; changes no number', wholeNumber, 1)
    .action(rubrics);
}

/** What `--rubric` may name: a choice of ours, or a file. */
export function rubricChoice(text: string): string {
  if ((rubricChoices as readonly string[]).includes(text) || text.endsWith('.jsonl')) return text;
  throw new InvalidArgumentError(`Allowed choices are ${rubricChoices.join(', ')}, or a file that ends in .jsonl.`);
}

function rubricFile(text: string): string {
  if (text.endsWith('.jsonl')) return text;
  throw new InvalidArgumentError('Give a file that ends in .jsonl.');
}
