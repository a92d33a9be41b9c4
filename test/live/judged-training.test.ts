import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { readMetrics } from '../../finetune/drive/metrics.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { hasTrainer, howToAdd, python, tinyModel } from '../finetune/python.ts';
import { contextTokens, isInstalled, model, startOllama } from './ollama-server.ts';
import { howToRun, isLive } from './slow.ts';

/** Few, since each of them is a call for every episode that differs from the others. */
const criteria = [
  { id: 'asked', category: 'task-fulfilment', description: 'What was asked for is done.', weight: 5 },
  { id: 'tools', category: 'tool-appropriateness', description: 'A tool that fits the request is called.', weight: 3 },
  { id: 'finished', category: 'task-fulfilment', description: 'The assistant ends with an answer.', weight: 2 },
];

const title = 'TRL learns from what a real model on a real Ollama says, one criterion a call';
if (!hasTrainer) test.skip(`${title} ${howToAdd}`);
else if (!isInstalled) test.skip(`${title} (absent; add it with: test/live/setup-ollama.sh)`);
else if (!isLive) test.skip(`${title} ${howToRun}`);
else
  test(title, { timeout: 300_000 }, async () => {
    await using server = await startOllama();
    vi.stubEnv('OLLAMA_HOST', server.host);
    const tiny = tinyModel();
    onTestFinished(() => {
      tiny.remove();
      vi.unstubAllEnvs();
    });
    const settings = `scope=criterion&contextTokens=${contextTokens}&evidenceTokens=120&criterionTokens=24&threads=1&timeoutSeconds=280`;
    const folder = temporaryFolder();
    const [out, rubrics] = [join(folder, 'out'), join(folder, 'rubrics.jsonl')];
    const tasks = (await suiteNamed('micro')).tasks('train', 2);
    writeFileSync(rubrics, tasks.map(({ id }) => JSON.stringify({ task: id, form: 'free', criteria })).join('\n'));
    const words = ['--base', tiny.base, '--onto', tiny.gguf, '--python', python, '--suite', 'micro', '--limit', '2'];
    const sizes = ['--steps', '2', '--prompts', '1', '--generations', '2', '--threads', '1', '--seed', '1'];
    const asked = ['--judge', `ollama:${model}?${settings}`, '--rubric', rubrics, '--unfit', 'accept'];
    const more = [...words, ...sizes, ...asked, '--normalise', 'component', '--out', out];
    const { code, stderr } = await toolstone('finetune', 'grpo', ...more);
    expect(code, stderr).toBe(0);
    expect(existsSync(join(out, 'tuned.gguf'))).toBe(true);

    const episodes = join(out, 'episodes');
    const manifest = JSON.parse(readFileSync(join(episodes, 'manifest.json'), 'utf8')) as Manifest;
    expect(manifest.rewardJudges).toMatchObject([
      {
        judge: {
          name: expect.stringContaining(model) as string,
          build: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
        rubric: { file: 'rubrics.jsonl' },
      },
    ]);
    const lines = readFileSync(join(episodes, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const { judged } = JSON.parse(line) as ScoredTrajectory;
      expect(judged?.verdicts).toHaveLength(3);
      expect(judged?.verdicts.filter(({ state }) => state === 'scored').length).toBeGreaterThan(0);
      expect(judged?.reward).toBeTypeOf('number');
    }
    const calls = readRun(episodes).timings.flatMap(({ judge }) => judge ?? []);
    expect(
      calls.reduce((sum, one) => sum + one.calls + one.cachedCalls, 0),
      'one criterion a call',
    ).toBe(12);
    const steps = readMetrics(join(out, 'metrics.jsonl'));
    expect(steps).toHaveLength(2);
    const logged = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    for (const line of logged)
      for (const { id } of criteria)
        expect(JSON.parse(line), 'a reward function of its own').toHaveProperty([`rewards/${id}/mean`]);
    for (const step of steps) {
      expect(step).toMatchObject({ reward: expect.any(Number) as number, voidEpisodes: 0, unjudgedEpisodes: 0 });
      expect(Object.keys(step.components ?? {})).toContain('asked');
    }
  });
