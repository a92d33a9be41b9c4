import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file or folder that a Markdown page links to, by its path from the root of the package. */
export interface PageLink {
  readonly page: string;
  readonly path: string;
}

/** The links of the pages among files below `root`, except those to addresses. */
export const linksOf = (root: string, files: readonly string[]): readonly PageLink[] =>
  files
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !/^[a-z]+:/.test(link))
        .map((link) => ({ page, path: join(dirname(page), link).replace(/\/$/, '') })),
    );

/** Those links that lead to none of the files, and to no folder of them. */
export function brokenLinks(root: string, files: readonly string[]): readonly PageLink[] {
  const there = new Set(files.flatMap((path) => [path, ...foldersAbove(path)]));
  return linksOf(root, files).filter(({ path }) => !there.has(path));
}

const foldersAbove = (path: string): readonly string[] => {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
};

/** Every file below a folder, by its path from there. */
export const filesBelow = (root: string): readonly string[] =>
  globSync('**/*', { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, ''));
