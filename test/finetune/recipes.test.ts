import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { recipeNames, readRecipe } from '../../finetune/drive/recipe.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { hasTrainer, howToAdd, pythonSays, tinyModel } from './python.ts';
import { served } from './served.ts';

const title = 'the recipes for a graphics card, tried on a processor';
const canRun = hasTrainer && isLive;
if (!canRun) test.skip(`${title} ${hasTrainer ? howToRun : howToAdd}`, () => undefined);

describe.skipIf(!canRun)(title, { timeout: 900_000 }, () => {
  test.each(recipeNames())(
    '%s: every stage trains a narrow copy of the model, and its GGUF file is written',
    async (recipe) => {
      const tiny = tinyModel('qwen3');
      onTestFinished(() => tiny.remove());
      const folder = temporaryFolder();
      const fewer = ['--limit', '4', '--steps', '2', '--threads', '1', '--suite', 'micro'];
      const here = {
        sft: ['--openings', '1'],
        grpo: ['--engine', 'transformers', '--prompts', '1', '--generations', '4', '--batch', '4', '--turns', '2'],
      };
      let base = tiny.base;
      for (const stage of readRecipe(recipe).keys()) {
        const out = join(folder, stage);
        const models = ['--base', base, '--onto', tiny.gguf, '--out', out];
        const command = ['finetune', stage, '--recipe', recipe, ...models, ...fewer];
        const { code, stderr } = await toolstone(...command, ...here[stage as keyof typeof here]);
        expect(code, stderr).toBe(0);
        expect(existsSync(join(out, 'tuned.gguf'))).toBe(true);
        base = join(out, 'model');
      }
      const said = JSON.parse(readFileSync(join(folder, 'grpo', 'finetune.json'), 'utf8')) as object;
      expect(said, 'from the recipe, and from the command').toMatchObject({
        rank: 32,
        beta: 0,
        steps: 2,
        engine: 'transformers',
      });
    },
  );

  test('what they take on a graphics card is what the page says', async () => {
    const paths = recipeNames().map((name) => new URL(`../../finetune/recipes/${name}.yaml`, import.meta.url).pathname);
    const counted = await pythonSays('../../commands/figures/finetune_memory.py', paths, null);
    const kept = readFileSync(new URL('../../reports/reference/finetune-memory.json', import.meta.url), 'utf8');
    expect(counted).toEqual(JSON.parse(kept));
  });

  test('TRL asks vLLM for all episodes of a step at once, and sends it the weights once a step', async () => {
    const tiny = tinyModel('qwen3');
    onTestFinished(() => tiny.remove());
    const server = await served({ suite: await suiteNamed('micro'), tasks: 4, sessions: 4 });
    const out = join(temporaryFolder(), 'out');
    expect(await pythonSays('vllm_checks.py', [tiny.base, server.url, out], null)).toEqual({
      settings: {
        base: 'base',
        mode: 'colocate',
        gpu_memory_utilization: 0.4,
        max_model_length: 4080,
        max_num_seqs: 4,
        enable_sleep_mode: false,
        generation_kwargs: { max_tokens: 80, stop_token_ids: [5] },
      },
      syncs: 2,
      drawn: [4, 4, 4, 4, 4, 4],
      steps: [1, 2].map((step) => expect.objectContaining({ step, 'tools/call_frequency': 2, 'episodes/finished': 1 })),
      ratios: [true, true],
    });
    expect(server.trajectories().map(({ outcome }) => outcome.kind)).toEqual(
      Array.from({ length: 8 }, () => 'terminated'),
    );
  });
});

const recipe = (text: string): string => {
  const file = join(temporaryFolder(), 'mine.yaml');
  writeFileSync(file, text);
  return file;
};

test.each([
  [
    'base: a\nsft:\n  lerning-rate: 1\n',
    /sft: lerning-rate is no flag of toolstone finetune\. Did you mean "learning-rate"\?/,
  ],
  ['base: a\nsft:\n  recipe: qwen3-4b\n', /sft: recipe is no flag of toolstone finetune\./],
  ['base: a\nsft:\n  steps: half\n', /sft: steps: Give a whole number of at least 1\./],
  ['base: a\nsft:\n  contrasts: 3\n', /sft: contrasts is true or false\./],
  ['base: a\nsft:\n  steps: [1]\n', /sft: steps holds no word or number\./],
  ['base: a\ngrpo: {}\n', /has no stage sft\. It has grpo\./],
  ['base: a\nsft: 3\n', /sft: holds no names with values\./],
  ['base: {', /is no YAML: /],
] as const)('a recipe with a mistake is refused in a sentence: %j', async (text, sentence) => {
  const { code, stderr } = await toolstone('finetune', 'sft', '--base', 'x', '--recipe', recipe(text));
  expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
});

/** Any interpreter will do: the base is refused before it is asked. */
const grpoWith = (recipe: string) =>
  toolstone('finetune', 'grpo', '--base', 'x', '--python', process.execPath, '--recipe', recipe);

test('an unknown recipe is refused with the near one, and each of ours is taken as it stands', async () => {
  expect((await grpoWith('qwen3-4')).stderr).toMatch(/no recipe qwen3-4\. Did you mean "qwen3-4b"\?/);
  for (const name of recipeNames()) {
    expect([...readRecipe(name).keys()]).toEqual(['sft', 'grpo']);
    expect((await grpoWith(name)).stderr, 'all flags are taken').toMatch(/^x is no GGUF file/);
  }
});

test('flags that the user gives win over those of the recipe', async () => {
  const base = join(temporaryFolder(), 'base.gguf');
  writeFileSync(base, 'GGUF');
  const command = [
    'finetune',
    'grpo',
    '--base',
    base,
    '--python',
    process.execPath,
    '--recipe',
    'qwen3-4b',
    '--batch',
    '7',
  ];
  expect((await toolstone(...command)).stderr).toMatch(
    /^A step has 256 episodes .* which 1 processes with 7 at a time/,
  );
});
