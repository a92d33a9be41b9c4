import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import llamaClient from '../../core/models/llama.ts';
import type { Manifest } from '../../core/run-types.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { finetune } from '../../finetune/drive/finetune.ts';
import type { FinetuneOptions } from '../../finetune/drive/options.ts';
import { readMetrics } from '../../finetune/drive/metrics.ts';
import { rowsFrom, type LabelledRun } from '../../finetune/judge/from-labels.ts';
import type { VerdictRow } from '../../finetune/judge/rows.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { parseLabels } from '../../judges/calibration/labels.ts';
import { languageJudge } from '../../judges/language/language-judge.ts';
import { readSettings } from '../../judges/language/settings.ts';
import { score } from '../../judges/reward/rewards.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { episode, file, finishTurn, folder, task, wholePlan, handSuite } from '../judges/episodes.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { fakeModel, textOf } from '../models/fake-model.ts';
import { gemma, templateOf } from './dialects.ts';
import { hasTrainer, howToAdd, python, tinyModel } from './python.ts';

const asked = 'evidenceTokens=200&criterionTokens=40';
const template = templateOf(gemma);
const tasks: readonly Task[] = [0, 1, 2, 3].map((number) => ({ ...task, id: `hand/made/test/000${number}` }));
const suite = handSuite(tasks);
const manifest = {
  suite: 'hand',
  jobs: [{ evaluations: [{ split: 'test', tasks: tasks.length }] }],
} as unknown as Manifest;
const criteria = task.rubric.criteria.map(({ id }) => id);

/** A sound episode of each task, of which the labels say what the tests want. */
const episodes: readonly ScoredTrajectory[] = tasks.map((of) =>
  score(of, episode([...wholePlan, finishTurn], { of, files: [folder, file] })),
);
const keys = episodes.map(({ key }) => keyText(key));

const labelled = (trajectory: string, criterion: string, label: 0 | 1, tags: object = {}) =>
  JSON.stringify({ trajectory, criterion, label, rater: 'hand', source: 'planted', tags });

function runWith(lines: readonly string[]): LabelledRun {
  const path = temporaryFolder();
  writeFileSync(join(path, 'trajectories.jsonl'), episodes.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const { settings } = readSettings(`?${asked}`);
  return { folder: path, manifest, suite, labels: parseLabels(lines.join('\n'), 'labels.jsonl'), settings };
}

const [first = '', second = '', third = '', fourth = ''] = keys;
/** Every criterion is met in the one and broken in the other. */
const whole = criteria.flatMap((one, index) => [
  labelled(first, one, index % 2 === 0 ? 1 : 0),
  labelled(second, one, index % 2 === 0 ? 0 : 1),
]);
const rowsOf = (lines: readonly string[]) =>
  rowsFrom(runWith(lines), fakeModel(() => '', { template }).model, template);
const trainedIn = ({ ids }: VerdictRow) => textOf(ids.labels.filter((label) => label !== -100));

test('all criteria at once and each by itself; what is trained is the verdicts and nothing else', () => {
  const rows = rowsOf(whole);
  expect(rows.map(({ episode: key, criteria: own }) => [key, own.length])).toEqual(
    [first, second].flatMap((key) => [12, ...criteria.map(() => 1)].map((count) => [key, count])),
  );
  for (const row of rows) {
    expect(trainedIn(row)).toBe(row.trained);
    expect(row.ids.labels).toHaveLength(row.ids.input_ids.length);
    expect(textOf(row.ids.input_ids)).toMatch(/<start_of_turn>model\n\{"c1": "(.*": ")?(yes|no)$/);
  }
  expect(rows[0]?.trained).toBe('yesno'.repeat(6));
  expect(rows.slice(1, 13).map(({ trained }) => trained)).toEqual(criteria.map((_, i) => (i % 2 === 0 ? 'yes' : 'no')));
});

test.each(['all', 'criterion'])('the judge reads and takes the trained ids one for one: scope %s', async (scope) => {
  const rows = rowsOf(whole).filter((row) => row.episode === first && (scope === 'all') === row.criteria.length > 1);
  const texts = rows.map(({ ids }) => textOf(ids.input_ids));
  // says what it was trained to say, so that the ids go on as in training
  const fake = fakeModel(
    (before) => {
      const [row] = texts.filter((text) => text.startsWith(before));
      return row?.slice(before.length).startsWith('yes') ? 'yes' : 'no';
    },
    { template },
  );
  const client = llamaClient({ path: 'tuned.gguf', source: fake });
  const { settings } = readSettings(`?${asked}&scope=${scope}`);
  const judge = await languageJudge({ ...client, build: async () => 'b' }, settings, '', {});
  const [verdicts = []] = await judge.judge(task, episodes.slice(0, 1));
  expect(verdicts.map((one) => one.state === 'scored' && one.score > 0.5)).toEqual(criteria.map((_, i) => i % 2 === 0));
  const read = fake.calls.filter(({ what }) => what === 'draw').map(({ before, text }) => before + text);
  // before each verdict the judge has read just what stands before it in the row
  const expected = rows.flatMap(({ ids: { input_ids: all, labels } }) =>
    labels.flatMap((label, place) =>
      label !== -100 && labels[place - 1] === -100 ? [textOf(all.slice(0, place))] : [],
    ),
  );
  expect(read).toEqual(expected);
});

test('as many yes as no of each criterion; the others stand in the reply without being learned', () => {
  const rows = rowsOf([
    ...[first, second, third].map((key) => labelled(key, 'changes-made', 1)),
    labelled(fourth, 'changes-made', 0),
    ...keys.map((key) => labelled(key, 'steps-done', 1)),
  ]);
  const alone = rows.filter(({ criteria: own }) => own.length === 1);
  expect(alone.map(({ criteria: own, trained }) => [...own, trained])).toEqual([
    ['changes-made', 'yes'],
    ['changes-made', 'no'],
  ]);
  const together = rows.filter(({ criteria: own }) => own.length > 1);
  expect(together.map(({ trained }) => trained)).toEqual(['yes', 'no']);
});

test('what is held out is left out', () => {
  const part = { part: 'held-out-kind' };
  const rows = rowsOf([...whole, ...criteria.map((one) => labelled(third, one, 0, part))]);
  expect(new Set(rows.map((row) => row.episode))).toEqual(new Set([first, second]));
});

test.each([
  [
    'of another run',
    [...whole, labelled('other test a/b/test/0001 0', 'steps-done', 1)],
    /^1 criteria in labels\.jsonl are of episodes that .* does not hold\. Give the labels of that very run\.$/,
  ],
  [
    'of an unknown criterion',
    [...whole, labelled(third, 'charm', 1)],
    /^labels\.jsonl:25: "charm" is no criterion of the tasks judged\./,
  ],
  [
    'that are all yes',
    criteria.map((one) => labelled(first, one, 1)),
    /^labels\.jsonl has no criterion with a yes and a no to learn from\./,
  ],
] as const)('labels %s are refused', (_, lines, sentence) => {
  expect(() => rowsOf(lines)).toThrow(UsageError);
  expect(() => rowsOf(lines)).toThrow(sentence);
});

// A stand-in: for naming a judge it is enough that the library is there; test/live runs the real one.
vi.mock('node-llama-cpp', () => ({ getLlama: () => Promise.reject(new Error('no model is read here')) }));

test('a judge is named and asked with what it was trained with, unless told', async () => {
  const path = temporaryFolder();
  const head = Buffer.alloc(64);
  head.write('GGUF');
  head.writeUInt32LE(3, 4);
  writeFileSync(join(path, 'tuned.gguf'), head);
  const nameOf = async (settings: string) => (await judgeNamed(`llama:${join(path, 'tuned.gguf')}${settings}`)).name;
  expect(await nameOf('')).toBe('llama:tuned.gguf');
  writeFileSync(join(path, 'judge.json'), JSON.stringify({ settings: asked }));
  expect(await nameOf('')).toBe(`llama:tuned.gguf?${asked}`);
  expect(await nameOf('?criterionTokens=50&scope=criterion')).toBe(
    'llama:tuned.gguf?scope=criterion&evidenceTokens=200&criterionTokens=50',
  );
});

const title = 'training a tiny judge with random weights';
if (!hasTrainer) test.skip(`${title} ${howToAdd}`, () => undefined);
else if (!isLive) test.skip(`${title} ${howToRun}`, () => undefined);

const mean = (some: readonly number[]) => some.reduce((sum, loss) => sum + loss, 0) / some.length;

describe.skipIf(!hasTrainer || !isLive)(title, { timeout: 400_000 }, () => {
  let tiny: ReturnType<typeof tinyModel>;
  beforeAll(() => {
    tiny = tinyModel();
  }, 400_000);
  afterAll(() => tiny.remove());

  /** Rows in the ids of the tiny model, by a table of its bytes. */
  async function rowsOfTiny(wrong = ''): Promise<VerdictRow[]> {
    const { model } = JSON.parse(readFileSync(join(tiny.base, 'tokenizer.json'), 'utf8')) as {
      model: { vocab: Record<string, number> };
    };
    const idOf = (text: string) => text.split('').map((one) => model.vocab[one] ?? 0);
    return Array.from({ length: 8 }, (_, index) => {
      const text = index % 2 === 0 ? 'yes' : 'no';
      const [before, word] = [idOf(`Record${index}Verdict`), idOf(text)];
      const ids = { input_ids: [...before, ...word], labels: [...before.map(() => -100), ...word] };
      return { episode: `${index}`, criteria: ['c'], trained: wrong || text, ids };
    });
  }
  const optionsOf = (rows: () => Promise<VerdictRow[]>): FinetuneOptions => ({
    kind: 'judge',
    base: tiny.base,
    onto: tiny.gguf,
    tasks: 1,
    rounds: 1,
    least: 1,
    reward: 'sparse',
    about: {},
    out: join(temporaryFolder(), 'out'),
    isFresh: false,
    python,
    offered: async () => () => [],
    threads: 1,
    steps: 24,
    learningRate: 0.02,
    record: () => Promise.reject(new Error('nothing is to be recorded')),
    serve: () => Promise.reject(new Error('no server is needed')),
    judge: { settings: asked, labels: '', suite, rows },
    told: () => undefined,
  });

  test('loss falls, and the file to serve has the settings beside it', async () => {
    const options = optionsOf(() => rowsOfTiny());
    const { gguf = '' } = await finetune(options);
    expect(JSON.parse(readFileSync(join(gguf, '..', 'judge.json'), 'utf8'))).toEqual({ settings: asked });
    const losses = readMetrics(join(options.out, 'metrics.jsonl')).map(({ loss }) => loss ?? NaN);
    expect(losses).toHaveLength(12);
    // two rows a step: every row once in the first four steps, and once in the last
    expect(mean(losses.slice(-4))).toBeLessThan(mean(losses.slice(0, 4)) - 0.1);
  });

  test('what would train other words than the verdicts is refused', async () => {
    await expect(finetune(optionsOf(() => rowsOfTiny('maybe')))).rejects.toThrow(
      /verdicts\.jsonl:1: what would be trained is 'yes', not the verdicts 'maybe'\.$/,
    );
  });
});

test('a judge without labels is refused', async () => {
  const path = temporaryFolder();
  const base = join(path, 'base.gguf');
  writeFileSync(base, 'GGUF');
  const options = { kind: 'judge', base, out: join(path, 'out'), python: process.execPath } as FinetuneOptions;
  await expect(finetune(options)).rejects.toThrow('A judge learns from labels. Give their file with --labels.');
});
