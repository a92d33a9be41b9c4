import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isCopied } from './copied.ts';

const root = new URL('../..', import.meta.url).pathname;
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const { files } = JSON.parse(textOf('package.json')) as { readonly files: readonly string[] };

/** Pages and scripts of ours that a text names, by their paths from the root. */
const namedIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:docs\/[\w./-]*\w|(?:finetune|test|commands|envs)\/[\w./-]+\.(?:sh|py))\b/g)].map(
    ([path]) => path,
  );
const isPacked = (path: string): boolean =>
  isCopied(path) || files.some((file) => path === file || path.startsWith(`${file}/`));

test('every page and script that help, errors and sentences name is in the package', () => {
  const rooms = '{core,envs,suites,judges,meta-evaluation,baselines,finetune,reports,commands}';
  const modules = globSync(`${rooms}/**/*.ts`, {
    cwd: root,
    exclude: (path) => /^(commands.figures|reports.runs)/.test(path),
  });
  const named = modules.flatMap((module) => namedIn(textOf(module)).map((path) => ({ module, path })));
  expect(new Set(named.map(({ path }) => path))).toContain('docs/judges.md');
  expect(new Set(named.map(({ path }) => path))).toContain('test/live/setup-ollama.sh');
  // A repository that a task starts with has pages of its own.
  const ours = named.filter(({ module }) => module !== 'envs/state/git/repository.ts');
  const there = new Set(globSync(['docs/**/*', 'test/live/*.sh', 'finetune/trl/*'], { cwd: root }));
  expect(ours.filter(({ path }) => !there.has(path) || !isPacked(path))).toEqual([]);
});

test('a script that stays in the repository, and a page beside the documents, are found out', () => {
  expect(namedIn('Add it with `bash test/live/setup-other.sh` (docs/none.md).')).toEqual([
    'test/live/setup-other.sh',
    'docs/none.md',
  ]);
  expect(['commands/figures/judges.sh', 'test/finetune/tiny_model.py'].filter(isPacked)).toEqual([]);
  expect(['finetune/trl/setup.sh', 'finetune/recipes/qwen3-4b.yaml'].every(isPacked)).toBe(true);
});
