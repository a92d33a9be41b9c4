import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

/** Every file of the package by npm's own word, except what `npm pack` makes. */
function packedPaths(): ReadonlySet<string> {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // npm 12 gives an object by package name in place of a list.
  const [packed] = Object.values(JSON.parse(listed) as Record<string, { readonly files: { readonly path: string }[] }>);
  return new Set(packed?.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/')));
}

interface Page {
  readonly path: string;
  readonly text: string;
}

/** Links of pages to files or folders that a package lacks, as `PAGE: PATH`. */
function brokenLinks(pages: readonly Page[], packed: ReadonlySet<string>): readonly string[] {
  const folders = new Set([...packed].flatMap((path) => foldersAbove(path)));
  return linksOf(pages)
    .filter(({ path }) => !packed.has(path) && !folders.has(path))
    .map(({ page, path }) => `${page}: ${path}`);
}

/** The links of Markdown pages that lead to no address, as paths from the root of the package. */
const linksOf = (pages: readonly Page[]) =>
  pages.flatMap(({ path: page, text }) =>
    [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .map((link) => ({ page, path: join(dirname(page), link).replace(/\/$/, '') })),
  );

const foldersAbove = (path: string): readonly string[] => {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
};

test('every relative link of a page of the package leads to a file or folder of the package', () => {
  const packed = packedPaths();
  const pages = [...packed]
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  expect(pages.map(({ path }) => path)).toEqual(expect.arrayContaining(['README.md', 'docs/install.md']));
  expect(linksOf(pages).length).toBeGreaterThan(100);
  expect(brokenLinks(pages, packed)).toEqual([]);
});

test('a link to what only the repository has is found out', () => {
  const text =
    '[a](../test/wild/wild.test.ts), [b](b.md#part "title"), [c](../docs), [d](https://example.org/x), ![e](e.svg)';
  expect(brokenLinks([{ path: 'docs/a.md', text }], new Set(['docs/a.md', 'docs/b.md']))).toEqual([
    'docs/a.md: test/wild/wild.test.ts',
    'docs/a.md: docs/e.svg',
  ]);
});
