import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as library from '../../commands/shared/library.ts';
import { isWhole } from '../whole.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

const named = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name).sort();

test('docs/library.md lists what is public, and no more', () => {
  const [, functions = '', types = ''] = textOf('docs/library.md').split(/^## (?:Functions|Types)$/m);
  const doors = named(functions.replaceAll(/^(\|[^|]*\|).*$/gm, '$1'), /`(\w+)/g);
  expect(doors).toEqual(Object.keys(library).sort());
  const source = textOf('commands/shared/library.ts');
  const exported = [...source.matchAll(/^export type \{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
  const declared = named(source, /^export interface (\w+)/gm);
  expect(named(types, /`(\w+)`/g)).toEqual([...exported, ...declared].filter((name) => name !== '').sort());
});

test('package.json names it, and its types, where the package is compiled to', () => {
  const { exports } = JSON.parse(textOf('package.json')) as { exports: { '.': Record<string, string> } };
  const compiled = './dist/commands/shared/library';
  expect(exports['.']).toEqual({ types: `${compiled}.d.ts`, default: `${compiled}.js` });
});

test('importing it loads little, says nothing and keeps nothing open', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const urls = [];
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
    await import(${JSON.stringify(join(root, 'commands/shared/library.ts'))});
    console.log(JSON.stringify({ urls, open: process.getActiveResourcesInfo() }));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  const { urls, open } = JSON.parse(output) as { readonly urls: readonly string[]; readonly open: readonly string[] };
  expect(open.filter((name) => name !== 'PipeWrap')).toEqual([]);
  const ours = urls.filter((url) => url.startsWith('file:') && !url.includes('/node_modules/'));
  expect(ours.filter((url) => /\/(?:envs|suites|reports|judges)\//.test(url))).toEqual([]);
  expect(ours.length).toBeGreaterThan(3);
  expect(urls.length).toBeLessThan(60);
});

/** What an example prints, line by line. */
async function printed(example: string): Promise<string> {
  const lines: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  onTestFinished(() => spy.mockRestore());
  await import(`../../docs/examples/${example}.ts`);
  return lines.join('\n');
}

test('a policy of one’s own is played and scored', async () => {
  const text = await printed('run-a-policy');
  expect(text.split('\n')).toHaveLength(3);
  expect(text).toMatch(/^micro\/micro-copy\/test\/0000: verified false, rubric 0\.\d\d$/m);
});

test.runIf(isWhole)('two runs are read and put into tables', async () => {
  const text = await printed('read-a-run');
  expect(text).toMatch(/^oracle on micro\/micro-copy\/test\/0000: \d calls, terminated$/m);
  expect(text).toMatch(/^\| no-op \| test \| 0 \| 2 \| 1 \| 0 \| 0\.00/m);
  expect(text).toMatch(/^\| oracle \| test \| 0 \| 2 \| 1 \| 0 \| 1\.00/m);
});

test.runIf(isWhole)('a judge of one’s own is compared with labels', async () => {
  expect(await printed('calibrate-a-judge')).toMatch(/^6 labels; accuracy 0\.\d\d$/);
});
