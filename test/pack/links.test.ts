import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../cli/toolstone.ts';
import { brokenLinks, filesBelow, linksOf } from './links.ts';

const root = new URL('../..', import.meta.url).pathname;

test('every relative link of a page of the package leads to a file or folder of the package', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly files: string[] };
  // npm adds these by itself. `npm pack` makes `dist`, and `pack.test.ts` looks at the packed file itself.
  const byItself = ['README.md', 'LICENSE', 'package.json'];
  const named = files.filter((file) => file !== 'dist').flatMap((file) => [file, `${file}/**/*`]);
  const packed = [...byItself, ...globSync(named, { cwd: root })];
  const links = linksOf(root, packed);
  expect(new Set(links.map(({ page }) => page))).toContain('README.md');
  expect(links.length).toBeGreaterThan(100);
  expect(brokenLinks(root, packed)).toEqual([]);
});

test('a link to what only the repository has is found out', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'docs/b.md'), '[up](../docs), [itself](#part)');
  writeFileSync(
    join(folder, 'docs/a.md'),
    '[a](../test/a.test.ts), [b](b.md#part "title"), [d](https://example.org/x), ![e](e.svg)',
  );
  expect(brokenLinks(folder, filesBelow(folder))).toEqual([
    { page: 'docs/a.md', path: 'test/a.test.ts' },
    { page: 'docs/a.md', path: 'docs/e.svg' },
  ]);
});
