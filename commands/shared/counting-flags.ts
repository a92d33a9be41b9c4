import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { wholeNumber } from './flag-values.ts';

/** Flag and its help, for every command that counts tokens. */
export const tokenizerFlag = [
  '--tokenizer <path>',
  'count tokens as this model does: a folder with its tokenizer and template, a GGUF file, a tokenizer.json, or `o200k` for ' +
    "OpenAI's; by default Qwen3's",
] as const;

/** Adds to a command that plays episodes how they are counted and bounded; it holds from before its action. */
export function addCountingFlags(command: CommandUnknownOpts): void {
  command
    .option(
      '--context-tokens <n>',
      'longest prompt of an episode, by default 31000; overrides what own tasks say',
      wholeNumber,
    )
    .option('--result-tokens <n>', "longest part of a tool's result that is kept, by default 4000", wholeNumber)
    .option(...tokenizerFlag)
    .hook('preAction', async (_, acting) => {
      const { contextTokens, resultTokens, tokenizer } = acting.opts() as Given;
      // Loaded only where it is needed, since help and quick commands load this file too.
      if (contextTokens === undefined && resultTokens === undefined && tokenizer === undefined) return;
      const { chooseCounting } = await import('../../core/run/chosen.ts');
      chooseCounting({
        limits: {
          ...(contextTokens === undefined ? {} : { contextTokens }),
          ...(resultTokens === undefined ? {} : { resultTokens }),
        },
        tokenizer,
      });
    });
}

interface Given {
  readonly contextTokens?: number;
  readonly resultTokens?: number;
  readonly tokenizer?: string;
}
