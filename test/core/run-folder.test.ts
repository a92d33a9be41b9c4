import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRunFolder } from '../../core/record/run-folder.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import type { Split } from '../../core/types.ts';

const manifest = (toolstone: Partial<Manifest['toolstone']>): Manifest => ({
  version: 1,
  name: 'bench',
  command: 'bench',
  suite: 'basic',
  toolstone: { version: '0.1.0', source: 'modules:a', commit: '1', dirty: false, ...toolstone },
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
  expect(() => open({ source: 'modules:b' }, first.path)).toThrow(
    /holds this run, made by other code \(version 0\.1\.0, commit 1\): a module.*has changed since.*--out/,
  );
  const other = open({ source: 'modules:b' });
  expect(other.path).toBe(join(base, 'bench-2'));
  expect(other.passedOver).toEqual([
    expect.stringMatching(/^Code or data that its episodes depend on has changed since the run in .*bench\.$/),
    expect.stringMatching(/^This run goes to .*bench-2\.$/),
  ]);
});

test('an own policy that has changed is named, and where the run goes', () => {
  const base = mkdtempSync(join(tmpdir(), 'runs-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const open = (toolstone: Partial<Manifest['toolstone']>) => {
    const jobs = [job('./parts/careful.ts?depth=2', { split: 'test', tasks: 4 })];
    const run = openRunFolder({ manifest: { ...manifest(toolstone), jobs }, base, out: undefined, isFresh: false });
    run.release();
    return run.passedOver.map((sentence) => sentence.replaceAll(/\S*bench/g, 'bench'));
  };
  expect(open({})).toEqual([]);
  expect(open({ source: 'modules:b' })).toEqual([
    'careful.ts has changed since the run in bench.',
    'This run goes to bench-2.',
  ]);
  expect(open({ source: 'modules:c', commit: '2' })[0]).toMatch(/^careful\.ts, or other code that/);
});

test('a run of an older version is not gone on with, and that is said', () => {
  const base = mkdtempSync(join(tmpdir(), 'runs-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const open = (source: string) =>
    openRunFolder({ manifest: manifest({ source }), base, out: join(base, 'mine'), isFresh: false }).release();
  open('3f'.repeat(32));
  expect(() => open('modules:a')).toThrow(/mine holds a run of an older Toolstone, which.*--out, or use --fresh/);
});

const evaluation = (split: Split, tasks = 4) => ({ split, tasks });
const job = (policy: string, ...evaluations: readonly { split: Split; tasks: number }[]): Job => ({
  name: `${policy}-tool/seed-1`,
  rows: {},
  seed: 1,
  policy,
  view: 'tool',
  training: null,
  evaluations,
});

test('what `run` made grows where it is named by further policies and splits, and by nothing else', () => {
  const base = mkdtempSync(join(tmpdir(), 'runs-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const open = (jobs: readonly Job[], command = 'run', out: string | undefined = join(base, 'mine')) => {
    const given = { ...manifest({}), name: `run-${jobs.length}`, command, jobs };
    const run = openRunFolder({ manifest: given, base, out, isFresh: false });
    run.release();
    return run;
  };
  const held = () => JSON.parse(readFileSync(join(base, 'mine', 'manifest.json'), 'utf8')) as Manifest;
  open([job('b', evaluation('test'))]);
  const [all, more] = [evaluation('test'), evaluation('wording')];
  expect(open([job('a', all), job('b', all, more)]).isResumed).toBe(true);
  expect(held().jobs.map(({ name }) => name)).toEqual(['a-tool/seed-1', 'b-tool/seed-1']);
  for (const jobs of [[job('b', all, more)], [job('a', all), job('b', all)], [job('a', evaluation('test', 5), more)]]) {
    expect(() => open(jobs)).toThrow(/holds another run \(it differs in .*jobs\)\. To extend it, repeat its policies/);
  }
  expect(() => open([job('a', all), job('b', all, more), job('c', all)], 'train')).toThrow(/\)\. Name another folder/);
  expect(held().name).toBe('run-2');

  open([job('b', all)], 'run', join(base, 'run-2'));
  const beside = openRunFolder({
    manifest: { ...manifest({}), name: 'run-2', command: 'run', jobs: [job('a', all), job('b', all)] },
    base,
    out: undefined,
    isFresh: false,
  });
  beside.release();
  expect(beside.path).toBe(join(base, 'run-2-2'));
  expect(beside.passedOver[0]).toMatch(/run-2 holds a part of this run\. Name it with --out/);
});

test('what `run` made grows by policies of other code, and not where the code of its own has changed', () => {
  const base = mkdtempSync(join(tmpdir(), 'runs-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const open = (jobs: readonly Job[], edition: string) => {
    const sourceOf = (of: readonly Job[]) => `modules:${of.map(({ policy }) => policy + edition).join()}`;
    const own = { ...manifest({ source: sourceOf(jobs) }), name: `run-${jobs.length}`, command: 'run', jobs };
    const run = openRunFolder({ manifest: own, base, out: join(base, 'mine'), isFresh: false, sourceOf });
    run.release();
    return run.isResumed;
  };
  const [a, b, c] = ['a', 'b', 'c'].map((name) => job(name, evaluation('test'))) as [Job, Job, Job];
  open([a], '1');
  expect(open([a, b], '1')).toBe(true);
  expect(() => open([a, b, c], '2')).toThrow(/made by other code/);
});

test('a run with other limits or tokens is another run, whichever came first', () => {
  const base = mkdtempSync(join(tmpdir(), 'runs-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const tokens = { tokenizer: 'folder', template: 'own', hash: 'a' } as const;
  const kinds: readonly (readonly [string, Partial<Manifest>])[] = [
    ['plain', {}],
    ['tokens', { tokens }],
    ['tokens', { tokens: { ...tokens, hash: 'b' } }],
    ['givenLimits', { givenLimits: { contextTokens: 1 } }],
  ];
  const open = (more: Partial<Manifest>, out: string) =>
    openRunFolder({ manifest: { ...manifest({}), ...more }, base, out: join(base, out), isFresh: false }).release();
  kinds.forEach(([, kind], index) => {
    open(kind, `run-${index}`);
    open(kind, `run-${index}`);
    kinds.forEach(([key, other], otherIndex) => {
      if (otherIndex === index) return;
      const differing = key === 'plain' ? /differs in (tokens|givenLimits)\)/ : new RegExp(`differs in .*${key}`);
      expect(() => open(other, `run-${index}`)).toThrow(differing);
    });
  });
});
