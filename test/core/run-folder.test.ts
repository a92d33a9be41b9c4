import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRunFolder } from '../../core/run-folder.ts';
import type { Manifest } from '../../core/run-types.ts';

const manifest = (toolstone: Partial<Manifest['toolstone']>): Manifest => ({
  version: 1,
  name: 'bench',
  command: 'bench',
  suite: 'basic',
  toolstone: { version: '0.1.0', source: 'a', commit: '1', dirty: false, ...toolstone },
  node: '24.21.0',
  servers: {},
  limits: { contextTokens: 1, resultTokens: 1 },
  rubricFormula: '',
  jobs: [],
});

test('a run goes on after a commit that leaves its code alone, and not with other code', () => {
  const base = mkdtempSync(join(tmpdir(), 'runs-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const open = (toolstone: Partial<Manifest['toolstone']>, out?: string) => {
    const run = openRunFolder({ manifest: manifest(toolstone), base, out, isFresh: false });
    run.release();
    return run;
  };
  const first = open({});
  const written = readFileSync(join(first.path, 'manifest.json'), 'utf8');
  const later = open({ commit: '2', dirty: true });
  expect([first.isResumed, later.isResumed, later.path]).toEqual([false, true, first.path]);
  expect(readFileSync(join(first.path, 'manifest.json'), 'utf8'), 'the manifest stays').toBe(written);
  expect(() => open({ source: 'b' }, first.path)).toThrow(/holds another run \(it differs in source\).*--out/);
  const other = open({ source: 'b' });
  expect(other.path).toBe(join(base, 'bench-2'));
  expect(other.passedOver).toEqual([expect.stringMatching(/bench holds another run/)]);
});
