import { expect, test, vi } from 'vitest';
import { ask } from '../../judges/judge-definition.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import type { CostedJudge } from '../../judges/language/language-judge.ts';
import { episode, finishTurn, makeFolder, task, wholePlan } from '../judges/episodes.ts';
import { cachedModel } from './llama-model.ts';
import { howToRun, isLive } from './slow.ts';
import { contextTokens, isInstalled, model, startOllama } from './ollama-server.ts';

/** Five criteria, so that few calls show every granularity. */
const few = { ...task, rubric: { ...task.rubric, criteria: task.rubric.criteria.slice(0, 5) } };
const trajectories = [episode([...wholePlan, finishTurn]), episode([makeFolder])];
const settings = `contextTokens=${contextTokens}&evidenceTokens=120&criterionTokens=24&threads=1&timeoutSeconds=280`;
const local = cachedModel();

const title = 'a real model judges: held to the schema, counted, the same again';
if (!isInstalled) {
  test.skip(`${title} (absent; add it with: test/live/setup-ollama.sh)`);
} else if (!isLive) {
  test.skip(`${title} ${howToRun}`);
} else {
  test(title, { timeout: 300_000 }, async () => {
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
    vi.unstubAllEnvs();
  });
}

const named = (path: string, asked: string) => judgeNamed(`llama:${path}?${asked}&${settings}`) as Promise<CostedJudge>;

const inProcess = 'a real model in this process judges: probabilities, a group in one call';
if ('missing' in local) {
  test.skip(`${inProcess} (absent; add it with: ${local.missing})`);
} else if (!isLive) {
  test.skip(`${inProcess} ${howToRun}`);
} else {
  test(inProcess, { timeout: 300_000 }, async () => {
    const judge = await named(local.path, 'scope=criterion');
    expect(judge.name).toMatch(/^llama:sha256-\w+\?scope=criterion/);
    const [verdicts] = await ask(judge, few, trajectories.slice(0, 1));
    const scores = verdicts?.map((one) => (one.state === 'scored' ? one.score : NaN)) ?? [];
    expect(scores).toHaveLength(5);
    for (const score of scores) expect(score > 0 && score < 1, `a probability, not ${score}`).toBe(true);
    expect(judge.costs()).toMatchObject({ calls: 5, answers: { scored: 5 } });

    const group = await named(local.path, 'group=1&scale=ten');
    const both = await ask(group, few, trajectories);
    expect(both.flat().every((one) => one.state === 'scored')).toBe(true);
    expect(both.map(([one]) => one?.position).toSorted((a = 0, b = 0) => a - b)).toEqual([0, 1]);
    expect(await ask(group, few, trajectories), 'asked again').toEqual(both);
  });
}
