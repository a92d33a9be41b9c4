import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { reachOf } from '../../core/identity/reach.ts';

const root = new URL('../../', import.meta.url);
const filesOf = (...entries: readonly string[]): string[] =>
  reachOf(entries.map((entry) => new URL(entry, root))).files.map((path) => relative(fileURLToPath(root), path));

/** What writes labels, of our rubrics and of statements. */
const labeller = ['meta-evaluation/defects/true-labels.ts', 'meta-evaluation/statements/propositions.ts'];

/**
 * What a record says of loads is the record's form, which all who read one share; `test/envs/view-loads.test.ts` holds it to what each
 * view does, so that a mistake in it is found without any label.
 */
const recordForm = filesOf('core/loaded-tools.ts', 'core/view-loads.ts');

test('what writes labels and what the embedded judge reads share no module but what says which loads a record holds', () => {
  const read = filesOf('judges/embedded/judge.ts');
  const written = filesOf(...labeller);
  expect(read).toContain('judges/truth/argument-match.ts');
  expect(written).toContain('meta-evaluation/statements/evidence.ts');
  expect(recordForm.toSorted()).toEqual(
    ['errors', 'loaded-tools', 'settings', 'view-loads'].map((name) => `core/${name}.ts`),
  );
  expect(written.filter((path) => read.includes(path) && !recordForm.includes(path))).toEqual([]);
});

test('a module that both used would be found', () => {
  const read = filesOf('judges/embedded/judge.ts');
  // The judge by code matches arguments as the embedded one does.
  const shared = filesOf('judges/code/measures.ts').filter((path) => read.includes(path));
  expect(shared).toContain('judges/truth/argument-match.ts');
});
