import type { ModelClient } from '../../core/models/model-client.ts';
import ollamaClient from '../../core/models/ollama.ts';
import { seedOf } from '../../core/seeds.ts';
import type { ClientSettings } from '../language/client-settings.ts';
import { languageJudge, type CostedJudge, type JudgeMeans } from '../language/language-judge.ts';
import { readSettings } from '../language/settings.ts';

/** A model on the server of OLLAMA_HOST. */
export function ollamaModel(model: string, settings: ClientSettings): ModelClient {
  const host = process.env['OLLAMA_HOST'];
  return ollamaClient({
    model,
    seed: seedOf('judge endpoint', settings.seed),
    attempts: 3,
    timeoutMilliseconds: 1_000 * settings.timeoutSeconds,
    ...(host ? { host } : {}),
  });
}

/** `ollama:MODEL?SETTINGS`, held to the schema; probabilities from servers that tell them. */
export default function ollamaJudge(argument: string, means: JudgeMeans = {}): Promise<CostedJudge> {
  const { model, settings, asked } = readSettings(argument);
  return languageJudge(ollamaModel(model, settings), settings, asked, means);
}
