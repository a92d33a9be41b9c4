import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashTree, layTrees, readTree, restoreTree, treeOf } from '../../envs/state/files/tree.ts';

/** Files below up to three folders; a name is either always a folder or always a file. */
const path = fc
  .tuple(fc.array(fc.constantFrom('d', 'e'), { maxLength: 3 }), fc.constantFrom('f.txt', 'g', ''))
  .map(([folders, file]) => [...folders, file].join('/'))
  .filter((text) => text !== '');
const files = fc.dictionary(path, fc.string()).map((all) => {
  const cleaned = Object.entries(all).map(([key, text]) => [key, key.endsWith('/') ? '' : text]);
  return layTrees(treeOf(Object.fromEntries(cleaned) as Record<string, string>));
});

test('restoring makes any folder equal to any tree, and says whether it had to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tree-'));
  fc.assert(
    fc.property(files, files, (one, other) => {
      restoreTree(folder, one);
      const hasChanged = restoreTree(folder, other);
      expect(hashTree(readTree(folder))).toBe(hashTree(other));
      expect(hasChanged).toBe(hashTree(one) !== hashTree(other));
      expect(restoreTree(folder, other)).toBe(false);
    }),
    { numRuns: 200 },
  );
  rmSync(folder, { recursive: true });
});

test('a hash tells trees apart that only differ in where a name ends', () => {
  expect(hashTree(treeOf({ ab: 'c' }))).not.toBe(hashTree(treeOf({ a: 'bc' })));
});
