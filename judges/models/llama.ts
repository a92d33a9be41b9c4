import { basename } from 'node:path';
import llamaClient from '../../core/models/llama.ts';
import { languageJudge, type CostedJudge, type JudgeMeans } from './language/language-judge.ts';
import { readSettings } from './language/settings.ts';

/**
 * `llama:FILE.gguf?SETTINGS`, in this process; the file's hash is the build, its folder no part of the name. The model
 * only chooses the answers in a form, and their probabilities are the scores.
 */
export default function llamaJudge(argument: string, means: JudgeMeans = {}): Promise<CostedJudge> {
  const { model: path, settings, asked } = readSettings(argument);
  const client = llamaClient({
    path,
    timeoutMilliseconds: 1_000 * settings.timeoutSeconds,
    ...(settings.threads === 0 ? {} : { threads: settings.threads }),
  });
  return languageJudge({ ...client, name: `llama:${basename(path)}` }, settings, asked, means);
}
