import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatNumber, tableCsv, tableMarkdown } from '../../reports/tables/table.ts';
import { withFigures, withoutFigures } from './readme-figures.ts';

const root = new URL('../../', import.meta.url).pathname;
const readmes = [
  'README.md',
  'docs/finetune.md',
  ...globSync('reports/reference/experiments/*/README.md', { cwd: root }).toSorted(),
];

test.each(readmes)('the figures of %s are those of its tables', async (path) => {
  const text = readFileSync(join(root, path), 'utf8');
  // `npm test -- test/reports/readme-figures.test.ts -u` writes them anew.
  await expect(withFigures(text, join(root, dirname(path)))).toMatchFileSnapshot(join(root, path));
});

test.each(readmes)('no figure of %s is typed by hand', (path) => {
  // But for versions (0.11.4), and judges that are called by their rates (0.98/0.15).
  const typed = withoutFigures(readFileSync(join(root, path), 'utf8')).match(/.*(?<![\w./])0?\.\d\d(?!\d*[./]\d).*/g);
  expect(typed).toBeNull();
});

test('a half-way figure is rounded as its table prints it, with the sign turned round, too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-figures-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const columns = [
    { key: 'split', title: 'Split', kind: 'text' },
    { key: 'success', title: 'Success', kind: 'share' },
    { key: 'plain', title: 'Plain', kind: 'share' },
  ] as const;
  // A little less than half-way, which six decimals do not tell.
  const success = {
    value: 0.115 - 1e-9,
    low: -0.205 + 1e-9,
    high: 0.305,
    tasks: 1,
    seeds: 1,
    episodes: 1,
    method: 't over tasks',
  } as const;
  const rows = [{ split: 'test, a|b', success, plain: 0.225 - 1e-9 }];
  const table = { name: 'half', title: 'Half', about: 'Half.', columns, rows };
  writeFileSync(join(folder, 'half.csv'), tableCsv(table));
  writeFileSync(join(folder, 'half.md'), tableMarkdown(table));
  const figure = (column: string) => withFigures(`<!-- half: test, a|b; ${column} --><!-- / -->`, folder);
  expect(tableMarkdown(table)).toContain('0.11 [−0.20, 0.30]');
  expect(figure('success')).toContain('-->0.11 [−0.20, 0.30]<!--');
  expect(figure('-success')).toContain('-->−0.11 [−0.30, 0.20]<!--');
  expect(figure('success value')).toContain('-->0.11<!--');
  expect(figure('plain')).toContain(`-->${formatNumber(0.225 - 1e-9, 'share')}<!--`);
});

test('a figure that is not its table’s is noticed', () => {
  const folder = join(root, 'reports/reference/experiments/rewards');
  const marker = '<!-- rewards: sparse; test; verifier_success -->';
  const right = withFigures(`${marker}<!-- / -->`, folder);
  expect(right).toMatch(/-->0\.\d\d \[0\.\d\d, 0\.\d\d\]<!--/);
  expect(withFigures(right.replace('[', '[0.0'), folder)).toBe(right);
  expect(withoutFigures(`${right} and 0.61`)).toBe(' and 0.61');
  expect(() => withFigures('<!-- rewards: sparse; tset; verifier_success -->0.61<!-- / -->', folder)).toThrow('tset');
  expect(() => withFigures('<!-- rewards: test; verifier_success -->0.61<!-- / -->', folder)).toThrow('more than one');
});
