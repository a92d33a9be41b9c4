import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRecipe, recipeNames } from '../../finetune/drive/recipe.ts';

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = textOf('docs/finetune-gpu.md');

interface Counted {
  readonly parameters: number;
  readonly trained: number;
  readonly bytes: Readonly<
    Record<'weights' | 'trained' | 'gradients' | 'moments' | 'keysAndValuesOfToken' | 'layerInputsOfToken', number>
  >;
  readonly operationsOfToken: number;
}
const counted = JSON.parse(textOf('reports/reference/finetune-memory.json')) as Record<string, { grpo: Counted }>;

/** Assumed: tokens of an episode, and operations a second of a card. */
const [episodeTokens, speed] = [2300, 0.4 * 989e12];
const stepTokens = 256 * episodeTokens;
const count = (value: number) => value.toLocaleString('en');
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
const seconds = (operations: number) => `${(operations / speed).toFixed(0)} s`;
const setting = (name: string, flag: string) => Number(readRecipe(name).get('grpo')?.[flag]);

const memory: Readonly<Record<string, (name: string, stage: Counted) => string>> = {
  'weights of the model': (_, { parameters }) => count(parameters),
  'weights of the adapter': (_, { trained }) => count(trained),
  'the model in bf16': (_, { bytes }) => gigabytes(bytes.weights),
  'adapter, gradients and moments in fp32': (_, { bytes }) =>
    gigabytes(bytes.trained + bytes.gradients + bytes.moments),
  'inputs of the layers, for a `--batch` of episodes of 2,300 tokens': (name, { bytes }) =>
    gigabytes(bytes.layerInputsOfToken * episodeTokens * setting(name, 'batch')),
  'share of vLLM on the card named above': (name) => gigabytes(setting(name, 'engine-memory') * cardBytes(name)),
  'of which weights': (_, { bytes }) => gigabytes(bytes.weights),
  'episodes of 2,300 tokens that the rest has room for': (name, { bytes }) => {
    const room = setting(name, 'engine-memory') * cardBytes(name) - bytes.weights;
    return count(Math.floor(room / (bytes.keysAndValuesOfToken * episodeTokens)));
  },
};

const time: Readonly<Record<string, (stage: Counted) => string>> = {
  'operations to train on a token': ({ operationsOfToken }) => `${(operationsOfToken / 1e9).toFixed(1)} GFLOP`,
  'to score the step once, as TRL does for the samples of vLLM': ({ parameters }) =>
    seconds(2 * parameters * stepTokens),
  'to train on it': ({ operationsOfToken }) => seconds(operationsOfToken * stepTokens),
};

/** By the table of recipes. */
function cardBytes(name: string): number {
  const [, size] = new RegExp(`\\| \`${name}\` \\| \\S+ \\| (\\d+) GB`).exec(page) ?? [];
  return Number(size) * 1e9;
}

const names = recipeNames();
const stageOf = (name: string) => counted[name]?.grpo as Counted;
const head = [`| | ${names.map((name) => `\`${name}\``).join(' | ')} |`, `|---|${names.map(() => '--:').join('|')}|`];
const table = (rows: readonly (readonly [string, (name: string) => string])[]) =>
  [...head, ...rows.map(([what, value]) => `| ${what} | ${names.map(value).join(' | ')} |`)].join('\n');

test('the page says of memory and time what was counted', () => {
  expect(page).toContain(table(Object.entries(memory).map(([what, of]) => [what, (name) => of(name, stageOf(name))])));
  expect(page).toContain(table(Object.entries(time).map(([what, of]) => [what, (name) => of(stageOf(name))])));
});

test('the page names the TRL of the set-up', () => {
  const [, pinned] = /^trl==(\S+)$/m.exec(textOf('finetune/trl/requirements.txt')) ?? [];
  expect(page).toContain(`'trl[vllm]==${pinned}'`);
});
