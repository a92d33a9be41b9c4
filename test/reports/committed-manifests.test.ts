import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

interface Stamped {
  readonly toolstone: { readonly commit: string; readonly dirty: boolean };
}

/** Records of figures by path, with the commit that made each. */
const dirtyOnes = (files: ReadonlyMap<string, Stamped>): string[] =>
  [...files].flatMap(([path, { toolstone }]) => (toolstone.dirty ? [`${path} ${toolstone.commit}`] : []));

const committed = new Map(
  globSync(['reports/reference/**/manifest.json', 'reports/reference/gate/reference.json'], { cwd: root })
    .toSorted()
    .map((path) => [path, JSON.parse(readFileSync(join(root, path), 'utf8')) as Stamped] as const),
);

test('no figures of record are of uncommitted code', () => {
  expect(committed.size).toBeGreaterThan(10);
  expect(dirtyOnes(committed)).toEqual([]);
});

test('a dirty one beside them would be noticed', () => {
  const [path = ''] = committed.keys();
  const again = new Map(committed).set(path, { toolstone: { commit: 'f'.repeat(40), dirty: true } });
  expect(dirtyOnes(again)).toEqual([`${path} ${'f'.repeat(40)}`]);
});
