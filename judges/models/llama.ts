import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JudgeDefinition } from '../judge-definition.ts';
import { readSettings } from '../language/settings.ts';

/**
 * `llama:FILE.gguf?SETTINGS`. The model only chooses the answers in a form, and their probabilities are the scores. A judge
 * that `toolstone finetune judge` made has a file `judge.json` beside it: the settings that it was trained with hold where
 * the name says nothing else.
 */
export default {
  usage: 'llama:FILE.gguf',
  open: async (argument, context) => {
    const { modelJudge } = await import('../language/model-judge.ts');
    return modelJudge('llama', asTrained(argument), context);
  },
} satisfies JudgeDefinition;

/** Settings in the name come later, and so go before those of the training. */
function asTrained(argument: string): string {
  const { model } = readSettings(argument);
  const file = join(dirname(model), 'judge.json');
  if (!existsSync(file)) return argument;
  const trained = JSON.parse(readFileSync(file, 'utf8')) as { readonly settings: string };
  return `${model}?${trained.settings}&${argument.slice(model.length + 1)}`;
}
