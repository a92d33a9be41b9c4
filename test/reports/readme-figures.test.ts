import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { withFigures, withoutFigures } from './readme-figures.ts';

const root = new URL('../../', import.meta.url).pathname;
const readmes = ['README.md', ...globSync('reports/reference/experiments/*/README.md', { cwd: root }).toSorted()];

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
