import ollamaClient from '../../core/models/ollama.ts';
import { seedOf } from '../../core/seeds.ts';
import { languageJudge, type CostedJudge, type JudgeMeans } from './language/language-judge.ts';
import { readSettings } from './language/settings.ts';

/** `ollama:MODEL?SETTINGS`, on the server of OLLAMA_HOST. Held to the schema; probabilities from servers that tell them. */
export default function ollamaJudge(argument: string, means: JudgeMeans = {}): Promise<CostedJudge> {
  const { model, settings, asked } = readSettings(argument);
  const host = process.env['OLLAMA_HOST'];
  const client = ollamaClient({
    model,
    seed: seedOf('judge endpoint', settings.seed),
    attempts: 3,
    timeoutMilliseconds: 1_000 * settings.timeoutSeconds,
    ...(host ? { host } : {}),
  });
  return languageJudge(client, settings, asked, means);
}
