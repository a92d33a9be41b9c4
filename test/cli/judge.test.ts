import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Manifest } from '../../core/run-types.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import { completion, fakeServer } from '../models/fake-server.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

test.each([
  [['judge', 'nope', '--judge', 'code'], /no run "nope"/],
  [['judge', 'nope'], /Name a judge with --judge, or a file for people to label with --to-label/],
  [['judge', 'nope', '--judge', 'code', '--to-label', 'x.jsonl'], /'--to-label <file>' cannot be used with .*'--judge/],
  [['judge', 'nope', '--judge', 'code', '--formula', 'best'], /Allowed choices are weight-proportional, equal/],
  [
    ['judge', 'nope', '--judge', 'code', '--rubric', 'vague'],
    /Allowed choices are task, plan, end-state, generic, or a file that ends in \.jsonl/,
  ],
  [['judge', 'nope', '--judge', 'code', '--rubric', 'mine.json'], /or a file that ends in \.jsonl/],
  [['rubrics', '--model', 'ollama:tiny'], /required option '--out <file>'/],
  [['rubrics', '--model', 'ollama:tiny', '--out', 'rubrics.json'], /Give a file that ends in \.jsonl/],
  [['rubrics', '--model', 'tiny', '--out', 'rubrics.jsonl'], /No rubric can be had from "tiny"/],
  [['rubrics', '--model', 'x:y', '--form', 'generic', '--out', 'r.jsonl'], /Allowed choices are atlas, free/],
  [['judge', 'nope', '--judge', 'code', '--fitness', 'fit'], /Allowed choices are lenient, strict/],
  [['calibrate', 'nope', '--judge', 'code'], /Name the label file with --labels/],
  [['calibrate', '--verdicts', 'v.jsonl', '--judge', 'code'], /'--verdicts <file>' cannot be used with .*'--judge/],
  [['calibrate', 'nope', '--transcripts', 't.jsonl', '--judge', 'code'], /--transcripts needs no run: leave out a run/],
  [['calibrate', '--verdicts', 'nowhere.jsonl', '--labels', 'nowhere.jsonl'], /Cannot read the labels nowhere\.jsonl/],
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

test('people get slots to label, and verdicts and transcripts of others are measured', async () => {
  const folder = temporaryFolder();
  const run = await smallRun(folder);
  const slots = join(folder, 'slots.jsonl');
  const asked = await toolstone('judge', run, '--to-label', slots, '--episodes', '3', '--rater', 'anna');
  expect(asked.code, asked.stderr).toBe(0);
  expect(asked.stdout).toMatch(/36 slots of 3 episodes: .*slots\.jsonl; to read beside them: .*slots\.md/);
  const again = await toolstone('judge', run, '--to-label', slots);
  expect(again.stderr).toMatch(/is there already, and may hold labels/);

  const lines = readFileSync(slots, 'utf8').trimEnd().split('\n');
  const filled = lines.map((line, index) => (index < 24 ? line.replace('"label":null', `"label":${index % 2}`) : line));
  writeFileSync(slots, filled.join('\n'));
  const back = await toolstone('calibrate', run, '--judge', 'code', '--labels', slots, '--out', join(folder, 'c'));
  expect(back.code, back.stderr).toBe(0);
  expect(back.stdout).toMatch(/on 24 labels of 2 tasks.* 12 of 36 slots are open\./);

  const verdicts = join(folder, 'verdicts.jsonl');
  const theirs = filled.map((line, index) => {
    const { trajectory, task, criterion } = JSON.parse(line) as Record<string, string>;
    return JSON.stringify({ trajectory, task, criterion, verdict: index % 2, judge: 'theirs' });
  });
  writeFileSync(verdicts, theirs.join('\n'));
  const flags = ['--labels', slots, '--out', join(folder, 'v')] as const;
  const measured = await toolstone('calibrate', '--verdicts', verdicts, ...flags);
  expect(measured.code, measured.stderr).toBe(0);
  expect(measured.stdout).toMatch(/theirs \(verdicts \w{12}\): balanced accuracy 1\.00/);

  const transcripts = join(folder, 'transcripts.jsonl');
  const messages = [
    { role: 'user', content: 'Hello?' },
    { role: 'assistant', content: 'Hello.' },
  ];
  const criteria = [{ id: 'greets', description: 'The answer says "Hello".' }];
  writeFileSync(transcripts, JSON.stringify({ id: 'one', messages, criteria, labels: { greets: 1 } }));
  const read = ['--transcripts', transcripts, '--judge', 'embedded', '--out', join(folder, 't')] as const;
  const judged = await toolstone('calibrate', ...read);
  expect(judged.code, judged.stderr).toBe(0);
  expect(judged.stdout).toMatch(/embedded \(weights \w{12}.*on 1 labels of 1 tasks/);
}, 240_000);

test('a run is judged and calibrated by criteria of the end state, and by one score', async () => {
  const folder = temporaryFolder();
  const run = await smallRun(folder);
  const judged = (kind: string) =>
    toolstone('judge', run, '--judge', 'code', '--rubric', kind, '--out', join(folder, kind));
  const [endState, generic, stated] = [await judged('end-state'), await judged('generic'), await judged('task')];
  expect(endState.stdout).toMatch(/Judged by code: 12 episodes, 144 verdicts: scored 144\./);
  expect(generic.stdout).toMatch(/Judged by code: 12 episodes, 12 verdicts: scored 12\./);
  expect([stated.code, stated.stderr]).toEqual([
    2,
    expect.stringMatching(/Suite smoke states no criteria: task files do/),
  ]);
  const { rejudged, rubrics = {} } = JSON.parse(
    readFileSync(join(folder, 'end-state', 'manifest.json'), 'utf8'),
  ) as Manifest;
  expect(rejudged?.rubric).toBe('end-state');
  expect(Object.values(rubrics).map((criteria) => criteria.length)).toEqual(Array.from({ length: 12 }, () => 12));
  const [first] = textOf(run).split('\n');
  const { key } = JSON.parse(first ?? '') as ScoredTrajectory;
  const label = { trajectory: keyText(key), criterion: 'places-reached', label: 0, rater: 'a', source: 'human' };
  writeFileSync(join(run, 'labels.jsonl'), JSON.stringify(label));
  const calibrate = (...more: string[]) =>
    toolstone('calibrate', '--judge', 'code', '--labels', join(run, 'labels.jsonl'), ...more);
  const known = await calibrate('--rubric', 'end-state', '--out', join(folder, 'calibration'));
  expect(known.code, known.stderr).toBe(0);
  expect((await calibrate('--out', join(folder, 'other'))).stderr).toMatch(/"places-reached" is no criterion/);
}, 120_000);

test('a model writes rubrics, and a judge that reads judges by them; code cannot', async () => {
  const folder = temporaryFolder();
  const run = await smallRun(folder);
  const reply = JSON.stringify({
    criteria: [{ category: 'task-fulfilment', description: 'What was asked for is done.', weight: 7 }],
  });
  let first: string | undefined;
  await using server = await fakeServer(({ path, body }) => {
    if (path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
    first ??= body.messages[1].content;
    const isFirst = body.messages[1].content === first;
    return { body: completion({ content: isFirst ? 'Certainly! Here is a rubric.' : reply }) };
  });
  vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
  const rubrics = join(folder, 'rubrics.jsonl');
  const asked = [
    'rubrics',
    '--suite',
    'smoke',
    '--limit',
    '12',
    '--form',
    'free',
    '--model',
    'openai:tiny?toolTokens=800',
  ] as const;
  const wrote = await toolstone(...asked, '--out', rubrics);
  vi.unstubAllEnvs();
  expect(wrote.code, wrote.stderr).toBe(0);
  expect(wrote.stdout).toMatch(
    /11 of 12 tasks have a rubric; the rest: unparseable 1\. 14 replies: usable 11, unparseable 3/,
  );

  const out = join(folder, 'judged');
  const judged = await toolstone('judge', run, '--judge', 'embedded', '--rubric', rubrics, '--out', out);
  expect(judged.code, judged.stderr).toBe(0);
  expect(judged.stdout).toMatch(
    /Judged by embedded: 12 episodes, 11 verdicts: scored 11; tasks without a rubric: unparseable 1\./,
  );
  expect(Math.max(...judged.stdout.split('\n').map(({ length }) => length)), 'no wide tables').toBeLessThan(120);
  expect(readFileSync(join(out, 'tables', 'judges.md'), 'utf8')).toMatch(
    /\| embedded \| weights \w{12}, source \w{12} \|.* most often [\w-]+, 1 of \d+/,
  );
  expect(readFileSync(join(out, 'report.html'), 'utf8')).toMatch(
    /rubrics of rubrics\.jsonl \(\w{8} written by openai:tiny\?toolTokens=800 .*have no rubric reward: 1 unparseable/,
  );
  const byCode = await toolstone('judge', run, '--judge', 'code', '--rubric', rubrics, '--out', join(folder, 'code'));
  expect(byCode.code, byCode.stderr).toBe(2);
  expect(byCode.stderr).toMatch(/Code has no check for the criterion "task-fulfilment-1", and cannot read its words/);
  writeFileSync(rubrics, readFileSync(rubrics, 'utf8').split('\n').slice(1).join('\n'));
  const absent = await toolstone('judge', run, '--judge', 'embedded', '--rubric', rubrics, '--out', join(folder, 'x'));
  expect(absent.stderr).toMatch(/has no line for 1 of the 12 tasks/);
}, 240_000);

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
