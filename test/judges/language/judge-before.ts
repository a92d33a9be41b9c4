import { onTestFinished, vi } from 'vitest';
import type { Verdict } from '../../../core/reward-types.ts';
import type { Trajectory } from '../../../core/trajectory.ts';
import type { JsonObject } from '../../../core/types.ts';
import { ask, judgeNamed } from '../../../judges/judge.ts';
import type { CostedJudge, JudgeMeans } from '../../../judges/models/language/language-judge.ts';
import { completion, fakeServer, ollamaLines, type FakeAnswer, type FakeRequest } from '../../models/fake-server.ts';
import { episode, finishTurn, makeFolder, task, wholePlan } from '../episodes.ts';

export const good = episode([...wholePlan, finishTurn]);
export const bad = episode([makeFolder]);
export const ids = task.rubric.criteria.map(({ id }) => id);

interface Asked {
  readonly prompt: string;
  readonly schema: JsonObject;
}

const wires = {
  ollama: {
    say: (text: string, rest: object = {}): FakeAnswer => ({ body: ollamaLines({ content: text }, rest) }),
    list: { body: { models: [{ name: 'tiny:latest', digest: 'd1' }] } },
    read: ({ body }: FakeRequest): Asked => ({ prompt: body.messages[1].content, schema: body.format }),
  },
  openai: {
    say: (text: string): FakeAnswer => ({ body: completion({ content: text }) }),
    list: { body: { data: [{ id: 'tiny' }] } },
    read: ({ body }: FakeRequest): Asked => ({
      prompt: body.messages[1].content,
      schema: body.response_format?.json_schema.schema,
    }),
  },
} as const;

/** What a server that keeps the schema says: the first allowed answer, or what `choose` makes of each key. */
export function filled(schema: JsonObject, choose: (key: string) => unknown = () => undefined): unknown {
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const properties = schema['properties'] as Record<string, JsonObject>;
  return Object.fromEntries(Object.entries(properties).map(([key, of]) => [key, choose(key) ?? filled(of, choose)]));
}

export type Answer = (asked: Asked, number: number, request: FakeRequest) => string | FakeAnswer;

/** A judge before a scripted server; chats are numbered from 1. */
export async function judgeBefore(wire: keyof typeof wires, settings: string, answer: Answer, means: JudgeMeans = {}) {
  const { say, list, read } = wires[wire];
  const asked: Asked[] = [];
  const server = await fakeServer((request) => {
    if (!/chat/.test(request.path)) return list;
    asked.push(read(request));
    const given = answer(read(request), asked.length, request);
    return typeof given === 'string' ? say(given) : given;
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  vi.stubEnv('OLLAMA_HOST', server.url);
  vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
  vi.stubEnv('OPENAI_API_KEY', 'sk-test');
  const judge = (await judgeNamed(`${wire}:tiny${settings}`, means)) as CostedJudge;
  return { judge, asked, of: (...trajectories: Trajectory[]) => ask(judge, task, trajectories) };
}

export const cells = (verdicts: readonly Verdict[] | undefined) =>
  verdicts?.map((one) => (one.state === 'scored' ? one.score : (one.cause ?? 'does not apply')));
export const every = (value: unknown) => ids.map(() => value);
