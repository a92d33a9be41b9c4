import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import llamaClient from '../../core/models/llama.ts';
import type { ModelClient } from '../../core/models/model-client.ts';
import type { ClientSettings } from '../language/client-settings.ts';
import { languageJudge, type CostedJudge, type JudgeMeans } from '../language/language-judge.ts';
import { readSettings } from '../language/settings.ts';

/** A GGUF file in this process; its hash is the build, its folder no part of the name. */
export function llamaModel(path: string, settings: ClientSettings): ModelClient {
  const client = llamaClient({
    path,
    timeoutMilliseconds: 1_000 * settings.timeoutSeconds,
    ...(settings.threads === 0 ? {} : { threads: settings.threads }),
  });
  return { ...client, name: `llama:${basename(path)}` };
}

/**
 * `llama:FILE.gguf?SETTINGS`. The model only chooses the answers in a form, and their probabilities are the scores. A judge
 * that `toolstone finetune judge` made has a file `judge.json` beside it: the settings that it was trained with hold where
 * the name says nothing else.
 */
export default function llamaJudge(argument: string, means: JudgeMeans = {}): Promise<CostedJudge> {
  const { model: path, settings, asked } = readSettings(asTrained(argument));
  return languageJudge(llamaModel(path, settings), settings, asked, means);
}

/** Settings in the name come later, and so go before those of the training. */
function asTrained(argument: string): string {
  const { model } = readSettings(argument);
  const file = join(dirname(model), 'judge.json');
  if (!existsSync(file)) return argument;
  const { settings } = JSON.parse(readFileSync(file, 'utf8')) as { readonly settings: string };
  return `${model}?${settings}&${argument.slice(model.length + 1)}`;
}
