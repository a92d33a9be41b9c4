import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { TrainingOptions } from '../../finetune/drive/options.ts';
import { shareOfOne, wholeNumber } from './flag-values.ts';

export type CardFlags = Pick<
  TrainingOptions,
  'processes' | 'batch' | 'completionTokens' | 'engine' | 'engineMemory' | 'contextTokens'
>;

/**
 * Adds to `finetune` the flags that a graphics card calls for. A recipe holds from before the action, and before that of flags
 * which are added later.
 */
export function addCardFlags(command: CommandUnknownOpts): void {
  command
    .option(
      '--recipe <name>',
      'take the flags that you leave out from a recipe, such as qwen3-4b, or from your own YAML file (docs/finetune-gpu.md)',
    )
    .option(
      '--processes <n>',
      'processes that train together, one for each graphics card: each step trains on so many times more sequences (sft, rft), or each process ' +
        'takes its share of the episodes (grpo); by default 1',
      wholeNumber,
    )
    .option(
      '--batch <n>',
      'grpo: episodes that each process scores and trains at a time; more take less time and more memory; by default 1',
      wholeNumber,
    )
    .option(
      '--completion-tokens <n>',
      'grpo: largest number of tokens of an episode behind its prompt, results of tools included; by default 768',
      wholeNumber,
    )
    .addOption(
      new Option(
        '--engine <name>',
        'grpo: what samples the episodes: transformers, or vllm on the graphics card that trains; by default transformers',
      ).choices(['transformers', 'vllm']),
    )
    .option(
      '--engine-memory <share>',
      "grpo with --engine vllm: share of the graphics card's memory that vLLM takes; by default 0.3",
      shareOfOne,
    )
    .hook('preAction', async (_, acting) => {
      const { recipe } = acting.opts() as { readonly recipe?: string };
      if (recipe === undefined) return;
      const { followRecipe } = await import('./follow-recipe.ts');
      followRecipe(acting, recipe);
    });
}
