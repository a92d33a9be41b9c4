import { expect, test, vi } from 'vitest';
import { ask, judgeNamed } from '../../judges/judge.ts';
import type { CostedJudge } from '../../judges/models/language/language-judge.ts';
import { episode, finishTurn, makeFolder, task, wholePlan } from '../judges/episodes.ts';
import { contextTokens, isInstalled, model, startOllama } from './ollama-server.ts';

/** Five criteria, so that few calls show every granularity. */
const few = { ...task, rubric: { ...task.rubric, criteria: task.rubric.criteria.slice(0, 5) } };
const trajectories = [episode([...wholePlan, finishTurn]), episode([makeFolder])];
const settings = `contextTokens=${contextTokens}&evidenceTokens=300&threads=1&timeoutSeconds=120`;

const title = 'a real model judges: held to the schema, counted, the same again';
if (!isInstalled) {
  test.skip(`${title} (absent; add it with: test/live/setup-ollama.sh)`);
} else {
  test(title, { timeout: 240_000 }, async () => {
    await using server = await startOllama();
    vi.stubEnv('OLLAMA_HOST', server.host);
    const judge = (await judgeNamed(`ollama:${model}?${settings}`)) as CostedJudge;
    expect(judge.build, 'digest').toMatch(/^[0-9a-f]{64}$/);
    const [first] = await ask(judge, few, trajectories.slice(0, 1));
    const states = first?.map((one) => (one.state === 'scored' ? one.score : one.reason));
    // 0 or 1 from a server that tells no probabilities, a share from one that does; never prose
    for (const state of states ?? []) expect(state).toBeTypeOf('number');
    expect(states).toHaveLength(5);
    expect(judge.costs()).toMatchObject({ calls: 1, answers: { scored: 5, unparseable: 0, refused: 0, failed: 0 } });
    expect(judge.costs().promptTokens, 'prompt tokens by the server').toBeGreaterThan(200);

    const [again] = await ask(judge, few, trajectories.slice(0, 1));
    expect(again, 'asked again').toEqual(first);
    const group = (await judgeNamed(`ollama:${model}?group=1&scale=ten&scope=criterion&${settings}`)) as CostedJudge;
    const one = { ...few, rubric: { ...few.rubric, criteria: few.rubric.criteria.slice(0, 1) } };
    const verdicts = (await ask(group, one, trajectories)).flat();
    expect(verdicts.map((verdict) => verdict.state)).toEqual(['scored', 'scored']);
    expect(verdicts.map((verdict) => verdict.position).toSorted((a = 0, b = 0) => a - b)).toEqual([0, 1]);
    vi.unstubAllEnvs();
  });
}
