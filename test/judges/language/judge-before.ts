import type { Verdict } from '../../../core/reward-types.ts';
import type { Trajectory } from '../../../core/trajectory.ts';
import type { JsonObject } from '../../../core/json.ts';
import { ask, type JudgeResources } from '../../../judges/judge-definition.ts';
import { judgeNamed } from '../../../judges/judge-list.ts';
import type { CostedJudge } from '../../../judges/language/language-judge.ts';
import type { FakeAnswer, FakeRequest } from '../../models/fake-server.ts';
import { modelBefore, type Wire } from '../../models/model-before.ts';
import { episode, finishTurn, makeFolder, task, wholePlan } from '../episodes.ts';

export const good = episode([...wholePlan, finishTurn]);
export const bad = episode([makeFolder]);
export const ids = task.rubric.criteria.map(({ id }) => id);

interface Asked {
  readonly prompt: string;
  readonly schema: JsonObject;
}

/** What a server that keeps the schema says: the first allowed answer, or what `choose` makes of each key. */
export function filled(schema: JsonObject, choose: (key: string) => unknown = () => undefined): unknown {
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const properties = schema['properties'] as Record<string, JsonObject>;
  return Object.fromEntries(Object.entries(properties).map(([key, of]) => [key, choose(key) ?? filled(of, choose)]));
}

export type Answer = (asked: Asked, number: number, request: FakeRequest) => string | FakeAnswer;

/** A judge before a scripted server; chats are numbered from 1. */
export async function judgeBefore(wire: Wire, settings: string, answer: Answer, resources: JudgeResources = {}) {
  const asked: Asked[] = [];
  await modelBefore(wire, ({ user, schema }, number, request) => {
    const one = { prompt: user, schema: schema as unknown as JsonObject };
    asked.push(one);
    return answer(one, number, request);
  });
  const judge = (await judgeNamed(`${wire}:tiny${settings}`, resources)) as CostedJudge;
  return { judge, asked, of: (...trajectories: Trajectory[]) => ask(judge, task, trajectories) };
}

export const cells = (verdicts: readonly Verdict[] | undefined) =>
  verdicts?.map((one) => (one.state === 'scored' ? one.score : (one.cause ?? 'does not apply')));
export const every = (value: unknown) => ids.map(() => value);
