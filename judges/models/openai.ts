import openAiClient from '../../core/models/openai.ts';
import { seedOf } from '../../core/seeds.ts';
import { languageJudge, type CostedJudge, type JudgeMeans } from './language/language-judge.ts';
import { readSettings } from './language/settings.ts';

/** `openai:MODEL?SETTINGS`, at the endpoint of OPENAI_BASE_URL. The address is all that is known of the build. */
export default function openAiJudge(argument: string, means: JudgeMeans = {}): Promise<CostedJudge> {
  const { model, settings, asked } = readSettings(argument);
  const client = openAiClient({
    model,
    seed: seedOf('judge endpoint', settings.seed),
    attempts: 3,
    timeoutMilliseconds: 1_000 * settings.timeoutSeconds,
  });
  return languageJudge(client, settings, asked, means);
}
