import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../core/run/limits.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import calibrate, { judgedVerdicts } from '../../judges/calibration/calibrate.ts';
import codeJudge from '../../judges/code/code-judge.ts';
import { parseLabels, readLabels } from '../../judges/calibration/labels.ts';
import basic from '../../suites/basic.ts';
import type { Defect } from '../../meta-evaluation/defects/defect.ts';
import { isHeldOut, partOf } from '../../meta-evaluation/defects/held-out.ts';
import { defectNames, defectsIn, defectsNamed } from '../../meta-evaluation/defects/defect-list.ts';
import { choosePlantings, plant, type Planted } from '../../meta-evaluation/defects/plant.ts';
import { countsOf, writePlantedRun } from '../../meta-evaluation/defects/planted-run.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { story } from './live-worlds.ts';

const pool = openWorldPool({ lanes: 2 });
const { signal } = new AbortController();
const seed = 1;
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await pool.dispose();
});

async function planted(
  defects: readonly Defect[],
  suite = basic,
  tasks = 12,
  perTask = defects.length,
): Promise<Planted[]> {
  const plantings = choosePlantings({ suite, split: 'train', tasks, defects, perTask, seed, pool });
  const done: Planted[] = [];
  await plant(plantings, { suite, seed, pool, lanes: 1, signal }, (one, index) => (done[index] = one));
  return done;
}

const all: Planted[] = [];
beforeAll(async () => {
  const defects = await defectsNamed();
  const broad = await suiteNamed('broad');
  all.push(...(await planted(defects, basic, 12, 20)), ...(await planted(defects, broad, 24, 12)));
});

test('there are a dozen kinds or more, and each is named after its file', async () => {
  expect(defectNames.length).toBeGreaterThanOrEqual(12);
  expect((await defectsNamed()).map(({ name }) => name)).toEqual(defectNames);
  await expect(defectsNamed(['nothing'])).rejects.toThrow(/no kind of defect "nothing".*wrong-tool/);
});

test('kinds that sit in programs are planted where they are asked for, and nowhere else', async () => {
  const [inCalls, inPrograms] = [await defectsIn('calls'), await defectsIn('programs')];
  expect([...inCalls, ...inPrograms].map(({ name }) => name).toSorted()).toEqual(defectNames);
  const names = inPrograms.map(({ name }) => name);
  expect(names).toContain('swallowed-error');
  expect(inCalls.map(({ name }) => name)).toContain('wrong-tool');
  for (const { defect, trajectory } of all)
    expect(trajectory.execution, story(trajectory)).toBe(names.includes(defect.name) ? 'programs' : undefined);
});

describe.each(defectNames.map((name) => ({ name })))('defect $name', ({ name }) => {
  test('breaks what it says on most of the tasks that it fits, and is not labelled on others', () => {
    const own = all.filter(({ defect }) => defect.name === name);
    const [first] = own;
    if (!first) throw new RangeError(`${name} fits no task`);
    const { breaks, open = [], summary } = first.defect;
    const known = first.task.rubric.criteria.map(({ id }) => id);
    expect(
      [...breaks, ...open].filter((id) => !known.includes(id)),
      'unknown criteria',
    ).toEqual([]);
    expect(new Set([...breaks, ...open]).size, 'a criterion is broken or open').toBe(breaks.length + open.length);
    expect(summary).not.toBe('');
    const labelled = own.filter(({ labels }) => labels.length > 0);
    const told = own.map((one) => `${one.differing.join(', ')}\n${story(one.trajectory)}`).join('\n\n');
    expect(labelled.length / own.length, told).toBeGreaterThanOrEqual(0.5);
    for (const { labels, trajectory, differing } of own) {
      expect(trajectory.success, story(trajectory)).not.toBeNull();
      if (differing.length > 0) expect(labels).toEqual([]);
      for (const { criterion, label } of labels)
        expect(label, `${criterion} ${story(trajectory)}`).toBe(breaks.includes(criterion) ? 0 : 1);
    }
    const broken = labelled.flatMap(({ labels }) => labels).filter(({ label }) => label === 0);
    expect(broken.length > 0).toBe(breaks.length > 0);
  });
});

test('what the verifier says of the end agrees with the labels', () => {
  for (const { labels, trajectory } of all) {
    const label = labels.find(({ criterion }) => criterion === 'exactly-done')?.label;
    if (label !== undefined) expect(label === 1, story(trajectory)).toBe(trajectory.success?.verified);
  }
});

test('a kind that claims what it does not break is caught, and one that hides what it breaks', async () => {
  const [sound, skipped] = await defectsNamed(['sound', 'wrong-argument']);
  if (!sound || !skipped) throw new RangeError('two kinds are missing');
  const liar = { ...sound, name: 'liar', breaks: ['calls-work'] };
  const silent = { ...skipped, name: 'silent', breaks: skipped.breaks.filter((id) => id !== 'exactly-done') };
  const done = await planted([liar, silent], basic, 6);
  expect(done.length).toBeGreaterThan(8);
  expect(done.flatMap(({ labels }) => labels)).toEqual([]);
  const { liar: ofLiar, silent: ofSilent } = countsOf(done);
  expect(ofLiar).toMatchObject({ dropped: ofLiar?.planted, labelled: 0, differing: { 'calls-work is met': 6 } });
  expect(Object.keys(ofSilent?.differing ?? {})).toEqual(['exactly-done is broken']);
});

test('the code judge is measured by planted defects: good, and not perfect', () => {
  const labels = parseLabels(
    all.flatMap((one) => one.labels.map((label) => JSON.stringify(label))).join('\n'),
    'planted',
  );
  const verdicts = all.flatMap(({ task, trajectory }) => judgedVerdicts(trajectory, codeJudge(task, trajectory)));
  const { overall, byTag, byCriterion, counts } = calibrate({
    judge: { name: 'code', build: '1', prompt: null },
    labels,
    verdicts,
    // A label says that a criterion is broken at all, the code judge how far.
    threshold: 0.999,
    resamples: 50,
  });
  expect(counts).toMatchObject({ unjudged: 0, disputed: 0, invalid: 0 });
  expect(overall.balancedAccuracy?.value).toBeGreaterThan(0.85);
  // Where the end is right it asks no further: luck is what it cannot see.
  expect(byTag['kind=lucky-guess']?.specificity?.value).toBeLessThan(0.5);
  expect(byTag['kind=wrong-argument']?.specificity?.value).toBeGreaterThan(0.95);
  expect(byCriterion['exactly-done']?.accuracy?.value).toBe(1);
});

const manifestOf = (jobs: readonly Job[]): Manifest => ({
  version: 1,
  name: 'planted',
  command: 'defects',
  suite: 'smoke',
  toolstone: { version: '0', source: '0', commit: '0', dirty: false },
  node: '24',
  servers: {},
  limits: defaultLimits,
  rubricFormula: '',
  jobs,
});

test('a run of planted defects has equal bytes in any number of lanes, and can be measured by', async () => {
  const smoke = await suiteNamed('smoke');
  const write = async (lanes: number) => {
    const out = mkdtempSync(join(tmpdir(), 'planted-'));
    folders.push(out);
    const options = { suite: smoke, split: 'test', tasks: 6, perTask: 4, seed, pool, lanes, signal } as const;
    const run = await writePlantedRun({ ...options, manifestOf, base: out, out, isFresh: false });
    const read = (name: string) => readFileSync(join(run.folder, name), 'utf8');
    const files = [
      'manifest.json',
      'trajectories.jsonl',
      'systems.jsonl',
      'labels.jsonl',
      'planting.json',
      'chain.json',
    ];
    return { files: files.map(read), run };
  };
  const [one, other] = [await write(1), await write(2)];
  expect(other.files).toEqual(one.files);
  const { labels } = readLabels(join(one.run.folder, 'labels.jsonl'));
  const trajectories = (one.files[1] ?? '').trim().split('\n');
  expect(trajectories).toHaveLength(24);
  const { jobs } = JSON.parse(one.files[0] ?? '') as Manifest;
  const named = new Set(jobs.map(({ name }) => name));
  expect(trajectories.every((line) => named.has((JSON.parse(line) as ScoredTrajectory).key.job))).toBe(true);
  expect(jobs.reduce((sum, job) => sum + (job.evaluations[0]?.tasks ?? 0), 0)).toBe(24);
  expect(
    labels.every(({ source, tags }) => source === 'planted' && tags['family'] && tags['server'] && tags['kind']),
  ).toBe(true);
});

test('families, servers and kinds are kept from training by name alone', () => {
  const kept = defectNames.filter((name) => isHeldOut('kind', name));
  expect(kept.length).toBeGreaterThanOrEqual(3);
  expect(kept.length).toBeLessThan(defectNames.length / 2);
  const parts = new Set(all.map(({ labels }) => labels[0]?.tags['part'] ?? ''));
  expect([...parts]).toEqual(expect.arrayContaining(['train', 'held-out-kind', 'held-out-server', 'held-out-family']));
  for (const { task, defect, script, labels } of all)
    for (const { tags } of labels) {
      expect(tags['part']).toBe(partOf(task, defect.name, script.server));
      if (tags['part'] === 'train') expect(kept).not.toContain(defect.name);
    }
});
