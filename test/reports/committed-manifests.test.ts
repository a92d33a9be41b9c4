import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

/**
 * Records that were made by a working tree with uncommitted changes, before that was refused: nobody can say which code they are of.
 * The list only shrinks: whoever makes one of them again takes it off.
 */
const knownDirty: readonly string[] = [
  'reports/reference/experiments/language-judge-llama/manifest.json 888a749efc30271e5dacbf1b32112940293d5908',
];

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

test('no figures of record are of uncommitted code but those of the shrinking list', () => {
  expect(committed.size).toBeGreaterThan(10);
  expect(dirtyOnes(committed)).toEqual(knownDirty);
});

test('a dirty one beside them would be noticed, and so would one of them that was made again', () => {
  const [path = ''] = knownDirty[0]?.split(' ') ?? [];
  const again = new Map(committed).set(path, { toolstone: { commit: 'f'.repeat(40), dirty: true } });
  expect(dirtyOnes(again)).not.toEqual(knownDirty);
  expect(dirtyOnes(new Map(committed).set(path, { toolstone: { commit: 'f'.repeat(40), dirty: false } }))).toHaveLength(
    knownDirty.length - 1,
  );
});
