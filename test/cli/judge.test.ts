import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../core/run-types.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

test.each([
  [['judge', 'nope', '--judge', 'code'], /no run "nope"/],
  [['judge', 'nope'], /required option '--judge <name>'/],
  [['judge', 'nope', '--judge', 'code', '--formula', 'best'], /Allowed choices are weight-proportional, equal/],
  [['judge', 'nope', '--judge', 'code', '--rubric', 'vague'], /Allowed choices are own, generic/],
  [['judge', 'nope', '--judge', 'code', '--fitness', 'fit'], /Allowed choices are lenient, strict/],
  [['calibrate', 'nope', '--judge', 'code'], /required option '--labels <file>'/],
  [['calibrate', '--judge', 'code', '--labels', 'nowhere.jsonl'], /Cannot read the labels nowhere\.jsonl/],
] as const)(
  '%j ends with 2 and a sentence',
  async (args, sentence) => {
    const { code, stderr } = await toolstone(...args);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(sentence);
  },
  60_000,
);

/** A small run in a folder of its own. */
async function smallRun(folder: string): Promise<string> {
  const run = join(folder, 'run');
  const made = await toolstone('run', '--policy', 'no-op', '--suite', 'smoke', '--limit', '12', '--out', run);
  expect(made.code, made.stderr).toBe(0);
  return run;
}

const labelOf = ({ key }: ScoredTrajectory, index: number) =>
  JSON.stringify({ trajectory: keyText(key), criterion: 'steps-done', label: index % 2, rater: 'a', source: 'human' });

const textOf = (run: string) => readFileSync(join(run, 'trajectories.jsonl'), 'utf8');

test('a run is judged anew, calibrated, and judged with a stamp', async () => {
  const folder = temporaryFolder();
  const run = await smallRun(folder);
  const [judged, stamped] = ['judged', 'stamped'].map((name) => join(folder, name)) as [string, string];
  const anew = await toolstone('judge', run, '--judge', 'code', '--out', judged);
  expect(anew.code, anew.stderr).toBe(0);
  expect(textOf(judged)).toBe(textOf(run));
  expect(anew.stdout).toMatch(/Judged by code: 12 episodes, 144 verdicts: scored 144\./);
  expect(readFileSync(join(judged, 'report.html'), 'utf8')).toContain('Nobody has compared this judge with labels');

  const episodes = textOf(run)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ScoredTrajectory);
  writeFileSync(join(run, 'labels.jsonl'), episodes.map(labelOf).join('\n'));
  const flags = ['--judge', 'code', '--labels', join(run, 'labels.jsonl')];
  const out = join(folder, 'calibration');
  const calibrated = await toolstone('calibrate', ...flags, '--out', out);
  expect(calibrated.code, calibrated.stderr).toBe(0);
  expect(calibrated.stdout).toMatch(/code \(source \w{12}\): balanced accuracy 0\.50 .* on 12 labels of 12 tasks/);

  const calibration = ['--calibration', join(out, 'calibration.json'), '--fitness', 'lenient'];
  const withStamp = await toolstone('judge', run, '--judge', 'code', ...calibration, '--out', stamped);
  expect(withStamp.code, withStamp.stderr).toBe(0);
  const { rejudged } = JSON.parse(readFileSync(join(stamped, 'manifest.json'), 'utf8')) as Manifest;
  expect(rejudged?.calibration?.items).toBe(12);
  expect(rejudged?.fitness?.criteria['steps-done']?.why).toBe('refused: 12 labels, 20 are needed');
  const page = readFileSync(join(stamped, 'report.html'), 'utf8');
  expect(page).toMatch(/Against labels: code \(source \w{12}\): balanced accuracy 0\.50/);
  expect(page).toContain('refused: 12 labels, 20 are needed');
}, 120_000);

test('a judge, a calibration or a folder that cannot be used is refused, and nothing is touched', async () => {
  const folder = temporaryFolder();
  const run = await smallRun(folder);
  const text = textOf(run);
  const foreign = join(folder, 'labels.json');
  writeFileSync(foreign, '[{"version": 7}]');
  writeFileSync(
    join(run, 'labels.jsonl'),
    JSON.stringify({ task: 't', criterion: 'niceness', label: 1, rater: 'a', source: 'human' }),
  );
  const labels = ['calibrate', run, '--judge', 'code', '--labels', join(run, 'labels.jsonl'), '--out'] as const;
  for (const [args, sentence] of [
    [['judge', run, '--judge', 'oracle'], /no judge "oracle"\. Known: code, /],
    [['judge', run, '--judge', 'code', '--calibration', foreign], /holds no calibration records of version 1/],
    [['judge', run, '--judge', 'code', '--out', run, '--fresh'], /--out names the run/],
    [['judge', run, '--judge', 'code', '--fitness', 'strict'], /name one with --calibration/],
    [[...labels, run], /not empty and holds no calibration/],
    [[...labels, join(folder, 'new')], /labels\.jsonl:1: "niceness" is no criterion/],
  ] as const) {
    const { code, stderr } = await toolstone(...args);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(textOf(run)).toBe(text);
  }
}, 120_000);
