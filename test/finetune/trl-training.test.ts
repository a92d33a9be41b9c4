import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { finetune } from '../../finetune/drive/finetune.ts';
import { readMetrics } from '../../finetune/drive/metrics.ts';
import { codeRewards } from '../../finetune/ors/session-rewards.ts';
import { rewardComponents } from '../../judges/rubric/components.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { dialects, gemma, templateOf, type Dialect } from './dialects.ts';
import { hasTrainer, howToAdd, pythonSays, tinyModel, type Architecture } from './python.ts';
import { served } from './served.ts';
import { serving, tinyTraining } from './tiny-training.ts';

const title = 'training a tiny model with random weights';
if (!hasTrainer) test.skip(`${title} ${howToAdd}`, () => undefined);
else if (!isLive) test.skip(`${title} ${howToRun}`, () => undefined);

describe.skipIf(!hasTrainer || !isLive)(title, { timeout: 900_000 }, () => {
  const { tiny, pool, optionsOf } = tinyTraining();

  test.each([
    ['gemma3', gemma, 'blk\\.\\d+\\.\\w+norm\\.weight'],
    ['llama', dialects['smollm2'] as Dialect, 'blk\\.\\d+\\.attn_[qk]\\.weight'],
  ] as const satisfies readonly (readonly [Architecture, Dialect, string])[])(
    'supervised: loss falls, and the file to serve holds the trained weights over all else of the base: %s',
    async (architecture, dialect, transformed) => {
      const other = architecture === 'gemma3' ? tiny() : tinyModel(architecture);
      if (other !== tiny()) onTestFinished(() => other.remove());
      const files = { base: other.base, onto: other.gguf };
      const options = optionsOf('sft', { ...files, steps: 6, openings: 1, learningRate: 0.02 });
      const { gguf = '', model = '' } = await finetune(options);
      const all = readMetrics(join(options.out, 'metrics.jsonl'));
      const losses = all.map(({ loss }) => loss ?? NaN);
      expect(losses).toHaveLength(6);
      expect(all.at(-1)).toMatchObject({ threads: 1, tokens: expect.any(Number) });
      expect(all.at(-1)?.peakMebibytes, 'torch alone takes more').toBeGreaterThan(100);
      expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 0.2);
      expect(await pythonSays('gguf_checks.py', [other.gguf, gguf, model, architecture], null)).toEqual({
        sameTokens: true,
        name: 'tiny',
        endOfTurn: dialect.end,
        template: templateOf(dialect),
        sameNames: true,
        isTrained: true,
        isNear: true,
        isReadAsTrained: true,
        halved: 'grafted',
        isFileLast: true,
        refusals: [
          expect.stringMatching(/^The base GGUF does not fit the weights: .* has the shape .*\.$/),
          expect.stringMatching(/^The base GGUF does not fit the weights: \d+ of \d+ tokens are others\.$/),
          expect.stringMatching(
            /^The base GGUF does not fit the weights: model\.layers\.1\.self_attn\.q_proj\.weight would replace blk\.1\.attn_q\.weight, but has a correlation of -?0\.[01]\d+ with it\. Give .*\.$/,
          ),
          expect.stringMatching(
            /: model\.layers\.0\.input_layernorm\.weight would replace blk\.0\.attn_norm\.weight, but differs from it by \d\.\d\d of its length\./,
          ),
          expect.stringMatching(new RegExp(` would replace ${transformed}, but `)),
        ],
      });
    },
  );

  test('group-relative: two steps, every session that was opened is closed, and no reward is missing', async () => {
    const suite = await suiteNamed('micro');
    const server = await served({ pool: pool(), suite, tasks: 4, sessions: 4 });
    const options = optionsOf('grpo', {
      steps: 2,
      generations: 4,
      learningRate: 1e-3,
      tasks: 2,
      ...serving(server),
    });
    const { death, gguf = '' } = await finetune(options);
    expect(death).toBeUndefined();
    expect(existsSync(gguf)).toBe(true);
    expect(server.counts()).toMatchObject({ open: 0, opened: 8, refused: 0, unheard: 0, recorded: 8, void: 0 });
    expect(server.trajectories().map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 8 }, () => ({ kind: 'truncated', cause: 'left' })),
    );
    const all = readMetrics(join(options.out, 'metrics.jsonl'));
    expect(all).toHaveLength(2);
    for (const step of all)
      expect(step).toMatchObject({ reward: 0, callRate: 0, zeroVarianceShare: 1, voidEpisodes: 0 });
  });

  test('group-relative by components: TRL is given each criterion as a reward of its own', async () => {
    const suite = await suiteNamed('micro');
    const server = await served({ pool: pool(), suite, tasks: 4, sessions: 2, rewards: codeRewards('rubric') });
    const parts = suite.tasks('train', 2).flatMap(({ rubric }) => rewardComponents(rubric, []));
    const components = [...new Map(parts.map(({ criterion, weight }) => [criterion, weight]))];
    const options = optionsOf('grpo', {
      steps: 1,
      generations: 2,
      tasks: 2,
      turnTokens: 16,
      reward: 'rubric',
      components,
      ...serving(server),
    });
    expect((await finetune(options)).death).toBeUndefined();
    const [step = ''] = readFileSync(join(options.out, 'metrics.jsonl'), 'utf8').split('\n');
    const logged = Object.keys(JSON.parse(step) as object).filter((name) => /^rewards\/.*\/mean$/.test(name));
    expect(logged.sort()).toEqual(components.map(([criterion]) => `rewards/${criterion}/mean`).sort());
  });

  test('group-relative: a policy that calls nothing is stopped by name, and its sessions are gone', async () => {
    const suite = await suiteNamed('micro');
    const server = await served({ pool: pool(), suite, tasks: 4, sessions: 4, unheardSeconds: 15 });
    const options = optionsOf('grpo', {
      steps: 50,
      generations: 4,
      tasks: 2,
      ...serving(server),
    });
    const { death, gguf } = await finetune(options);
    expect([death?.name, gguf]).toEqual(['no-calls', undefined]);
    const wait = async (left: number): Promise<void> => {
      if (server.counts().open === 0 || left === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
      await wait(left - 1);
    };
    await wait(300);
    expect(server.counts().open).toBe(0);
  });
});
