import type { ModelClient } from '../../core/models/model-client.ts';
import openAiClient from '../../core/models/openai.ts';
import { seedOf } from '../../core/seeds.ts';
import type { ClientSettings } from '../language/client-settings.ts';
import { languageJudge, type CostedJudge, type JudgeMeans } from '../language/language-judge.ts';
import { readSettings } from '../language/settings.ts';

/** A model at the endpoint of OPENAI_BASE_URL. The address is all that is known of the build. */
export const openAiModel = (model: string, settings: ClientSettings): ModelClient =>
  openAiClient({
    model,
    seed: seedOf('judge endpoint', settings.seed),
    attempts: 3,
    timeoutMilliseconds: 1_000 * settings.timeoutSeconds,
  });

/** `openai:MODEL?SETTINGS`. */
export default function openAiJudge(argument: string, means: JudgeMeans = {}): Promise<CostedJudge> {
  const { model, settings, asked } = readSettings(argument);
  return languageJudge(openAiModel(model, settings), settings, asked, means);
}
