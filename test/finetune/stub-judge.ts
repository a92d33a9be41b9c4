import { onTestFinished } from 'vitest';
import type { TrainingJudge } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import type { JudgeResources } from '../../judges/judge-definition.ts';
import { openRewardJudge, type OpenRewardJudge } from '../../judges/reward/reward-judge.ts';
import { completion, fakeServer, type FakeAnswer, type FakeRequest } from '../models/fake-server.ts';

/** What a stub says of a question: `yes` or `no` to all that it asks, or an answer of its own. */
export type Says = (request: FakeRequest, number: number) => 'yes' | 'no' | FakeAnswer;

/** A judge's model behind an OpenAI-compatible endpoint, gone after the test. */
export async function stubJudge(says: Says = () => 'yes') {
  let asked = 0;
  const server = await fakeServer((request) => {
    if (request.path.endsWith('/models')) return { body: { data: [{ id: 'stub' }] } };
    const said = says(request, ++asked);
    return typeof said === 'string' ? { body: completion({ content: replyTo(request, said) }) } : said;
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { name: `openai:stub?base-url=${server.url}/v1`, questions: () => asked };
}

/** The object that a question asks for, with one word for each criterion. */
function replyTo({ body }: FakeRequest, word: string): string {
  const names: string[] = String(body.messages.at(-1).content).match(/^c\d+(?=: )/gm) ?? [];
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, word])));
}

/** It, open for the episodes of a suite, taken as it is. */
export const openStub = (
  name: string,
  suite: Suite,
  more: Partial<TrainingJudge> = {},
  resources: JudgeResources = {},
): Promise<OpenRewardJudge> =>
  openRewardJudge(
    { name, formula: 'weight-proportional', thresholds: 'strict', unfit: 'accept', ...more },
    suite.name,
    suite.tasks('test', 12),
    resources,
  );
