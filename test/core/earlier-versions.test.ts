import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { currentTrajectory } from '../../core/record/earlier-versions.ts';
import readRun, { readManifest } from '../../core/record/read-run.ts';
import { openTrajectories } from '../../core/record/run-files.ts';
import type { Job, Manifest, Training } from '../../core/run-types.ts';
import { callsOf, type ScoredTrajectory } from '../../core/trajectory.ts';
import toolView from '../../envs/views/tool.ts';
import { sftRows } from '../../finetune/export/sft-rows.ts';
import { metaToolsOf } from '../../finetune/ors/offered-tools.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { rescore } from '../../judges/stored/rescore.ts';
import writeReport from '../../reports/write-report.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';

const textOf = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
/** As the last Toolstone that wrote version 1 recorded them: the random policy, and the embedded one. */
const earlierText = textOf('version-1.jsonl');
const earlier = linesOf(earlierText);
/** By that Toolstone's own code. */
const figures = JSON.parse(textOf('version-1.figures.json')) as readonly object[];

function linesOf(text: string): ScoredTrajectory[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ScoredTrajectory);
}

const jobOf = (name: string): Job => ({
  name,
  rows: {},
  seed: 1,
  policy: 'random',
  view: 'tool',
  training: null,
  evaluations: [{ split: 'test', tasks: 1 }],
});
const manifest: Manifest = {
  version: 1,
  name: 'earlier',
  command: 'run',
  suite: 'micro',
  toolstone: { version: '0', source: 'a', commit: 'b', dirty: false },
  node: '24',
  servers: {},
  limits: { contextTokens: 1, resultTokens: 1 },
  rubricFormula: '',
  jobs: earlier.map(({ key }) => jobOf(key.job)),
};

function runOf(trajectories: string): { readonly base: string; readonly folder: string } {
  const base = mkdtempSync(join(tmpdir(), 'toolstone-earlier-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const folder = mkdtempSync(join(base, 'run-'));
  const systems = [...new Set(earlier.map(({ system }) => system))].map((hash) => ({ hash, text: 'Use the tools.' }));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'trajectories.jsonl'), trajectories);
  writeFileSync(join(folder, 'systems.jsonl'), systems.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return { base, folder };
}

const currentText = earlier.map((one) => `${JSON.stringify(currentTrajectory(one))}\n`).join('');

test('a record of version 1 is read as one of version 2: each turn holds its one call, and nothing else differs', () => {
  const { folder } = runOf(earlierText);
  const stored = openTrajectories(folder);
  const read = readRun(folder).episodes.map(({ place }) => stored.at(place));
  stored.close();
  expect(read).toHaveLength(2);
  read.forEach((now, index) => {
    const before = earlier[index] as ScoredTrajectory;
    expect([before.version, now.version]).toEqual([1, 2]);
    expect({ ...now, version: 1, turns: before.turns }).toEqual(before);
    const flat = now.turns.map(({ calls, ...turn }) => {
      expect(calls).toHaveLength(1);
      return { ...calls[0], ...turn };
    });
    expect(flat).toEqual(before.turns);
    expect(currentTrajectory(now), 'read once more').toEqual(now);
  });
});

test('the figures of an episode are the same by either version, and those of the Toolstone that recorded it', () => {
  const [before, now] = [earlierText, currentText].map((text) =>
    // Hash and place are those of the line itself.
    readRun(runOf(text).folder).episodes.map((one) => ({ ...one, digest: '', place: null })),
  );
  expect(before).toEqual(now);
  expect(before).toMatchObject(figures);
});

test('reports and exports of a run of version 1 are those of the same run of version 2', () => {
  const [before, now] = [earlierText, currentText].map((text) => {
    const { folder } = runOf(text);
    const { page, tables } = writeReport(folder, { attacks: [] });
    return {
      tables: JSON.stringify(tables),
      // What the records are hashed to differs, of course.
      page: readFileSync(page, 'utf8').replaceAll(/[0-9a-f]{64}/g, 'HASH'),
      rows: sftRows({ run: folder, reward: 'sparse', offered: () => metaToolsOf(toolView) }),
    };
  });
  expect(before?.page).toContain('list_servers');
  expect(before).toEqual(now);
});

test('code says of a run of version 1 what it said then, and writes version 2', async () => {
  const { base, folder } = runOf(earlierText);
  const suite = await suiteNamed('micro');
  const { path } = await rescore({
    folder,
    manifest,
    suite,
    backend: await judgeNamed('code'),
    rubrics: 'plan',
    formula: 'weight-proportional',
    toolstone: manifest.toolstone,
    base,
    out: undefined,
    isFresh: false,
    concurrency: 1,
    onFolder: () => undefined,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const judged = linesOf(readFileSync(join(path, 'trajectories.jsonl'), 'utf8'));
  expect(judged).toEqual(earlier.map(currentTrajectory));
  expect(judged.flatMap(callsOf).length).toBeGreaterThan(10);
});

test('what older manifests call own is read as the rubric that is usual for the suite', () => {
  const { folder } = runOf('');
  const rubric = 'own' as 'plan';
  const unsaid = { name: 'embedded', formula: 'gated', thresholds: 'strict', unfit: 'refuse' } as const;
  const asked = { ...unsaid, rubric };
  const use = { judge: { name: 'embedded', build: '1', prompt: null }, rubric, formula: 'gated' } as const;
  const trust = { calibration: null, fitness: null };
  const training: Training = {
    reward: 'rubric',
    judge: asked,
    algorithm: 'grpo',
    episodes: 8,
    groupSize: 2,
    groupsPerUpdate: 2,
    evaluateEvery: 4,
    validationTasks: 1,
    recordEvery: 1,
  };
  const before: Manifest = {
    ...manifest,
    rewardJudges: [{ ...use, ...trust, asked }],
    rejudged: { ...use, ...trust, run: 'r', trajectories: '' },
    jobs: [{ ...jobOf('a'), training }],
  };
  const readAs = (suite: string) => {
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...before, suite }));
    return readManifest(folder);
  };
  for (const [suite, kind] of [
    ['micro', 'plan'],
    ['mine@0123456789ab', 'task'],
  ] as const) {
    const { rejudged, rewardJudges, jobs } = readAs(suite);
    expect([rejudged?.rubric, rewardJudges?.[0]?.rubric]).toEqual([kind, kind]);
    // What was asked for was nothing in particular.
    expect([rewardJudges?.[0]?.asked, jobs[0]?.training?.judge]).toEqual([unsaid, unsaid]);
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  expect(readManifest(folder)).toEqual(manifest);
});

test('a record of a later version is refused in a sentence that does not ask to delete it', () => {
  const [first] = earlier;
  const { folder } = runOf(`${JSON.stringify({ ...first, version: 3, turns: {} })}\n`);
  expect(() => readRun(folder)).toThrow(UsageError);
  expect(() => readRun(folder)).toThrow(
    /^The record of random-tool\/seed-1 test micro\S+ 0 is of version 3, and this Toolstone reads versions 1 and 2\. Read the run with the Toolstone that wrote it, or a later one\.$/,
  );
});

test.each([
  [{ version: 0 }, /line 1, is not a record of a run: its version is 0, not 1 or 2/],
  [{ version: '2' }, /its version is "2", not 1 or 2/],
  [{ version: undefined }, /its version is undefined, not 1 or 2/],
  [{ turns: {} }, /line 1, is not a record of a run: it has no list of turns/],
])('a record that is of no version is a broken line: %j', (broken, words) => {
  const [first] = earlier;
  const { folder } = runOf(`${JSON.stringify({ ...first, ...broken })}\n`);
  expect(() => readRun(folder)).toThrow(words);
});
