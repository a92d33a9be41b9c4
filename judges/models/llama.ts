import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import llamaClient from '../../core/models/llama.ts';
import { languageJudge, type CostedJudge, type JudgeMeans } from './language/language-judge.ts';
import { readSettings } from './language/settings.ts';

/**
 * `llama:FILE.gguf?SETTINGS`, in this process; the file's hash is the build, its folder no part of the name. The model
 * only chooses the answers in a form, and their probabilities are the scores. A judge that `toolstone finetune judge` made
 * has a file `judge.json` beside it: the settings that it was trained with hold where the name says nothing else.
 */
export default function llamaJudge(argument: string, means: JudgeMeans = {}): Promise<CostedJudge> {
  const { model: path, settings, asked } = readSettings(asTrained(argument));
  const client = llamaClient({
    path,
    timeoutMilliseconds: 1_000 * settings.timeoutSeconds,
    ...(settings.threads === 0 ? {} : { threads: settings.threads }),
  });
  return languageJudge({ ...client, name: `llama:${basename(path)}` }, settings, asked, means);
}

/** Settings in the name come later, and so go before those of the training. */
function asTrained(argument: string): string {
  const { model } = readSettings(argument);
  const file = join(dirname(model), 'judge.json');
  if (!existsSync(file)) return argument;
  const { settings } = JSON.parse(readFileSync(file, 'utf8')) as { readonly settings: string };
  return `${model}?${settings}&${argument.slice(model.length + 1)}`;
}
