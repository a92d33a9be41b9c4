import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import calibrate from '../../judges/calibration/calibrate.ts';
import { calibrateTranscripts } from '../../judges/calibration/calibrate-transcripts.ts';
import { labelSlots } from '../../judges/calibration/label-slots.ts';
import { parseLabels } from '../../judges/calibration/labels.ts';
import { readTranscripts } from '../../judges/calibration/transcripts.ts';
import transcriptSchema from '../../judges/calibration/transcripts.schema.json' with { type: 'json' };
import { readVerdicts } from '../../judges/calibration/verdicts.ts';
import verdictSchema from '../../judges/calibration/verdicts.schema.json' with { type: 'json' };
import { judgeNamed } from '../../judges/judge-list.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import { manifest, storedRun, suite } from './stored-run.ts';

const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

function file<T>(values: readonly unknown[], read: (path: string) => T): T {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'toolstone-elsewhere-'));
  const path = join(folder.path, 'theirs.jsonl');
  writeFileSync(path, lines(values));
  return read(path);
}

test.each([
  ['verdicts', verdictSchema],
  ['transcripts', transcriptSchema],
])('the published schema of %s takes its own examples', (_, schema) => {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  for (const example of schema.examples) expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
});

const label = (trajectory: string, value: 0 | 1 | null) => ({
  trajectory,
  criterion: 'polite',
  label: value,
  rater: 'anna',
  source: 'human',
});

describe('verdicts that were given elsewhere', () => {
  test('are measured against labels, what could not be used is counted, and so are open slots', () => {
    const { judge, verdicts } = file(
      [
        { trajectory: 'a', criterion: 'polite', verdict: 1, judge: 'theirs' },
        { trajectory: 'b', criterion: 'polite', score: 0.2 },
        { trajectory: 'c', criterion: 'polite', score: 0.9 },
        { trajectory: 'd', criterion: 'polite', unusable: 'refused' },
      ],
      readVerdicts,
    );
    const labels = parseLabels(
      lines([label('a', 1), label('b', 0), label('c', 0), label('d', 1), label('e', null)]),
      'labels.jsonl',
    );
    const { overall, counts } = calibrate({ judge, labels, verdicts, resamples: 20 });
    expect(judge).toMatchObject({ name: 'theirs', prompt: null, build: expect.stringMatching(/^verdicts \w{12}$/) });
    expect(overall).toMatchObject({ items: 3, sensitivity: { value: 1 }, specificity: { value: 0.5 } });
    expect(counts).toMatchObject({ labels: 4, open: 1, withheld: 1, refused: 1 });
  });

  test.each([
    [{ trajectory: 'a', criterion: 'x', verdict: 1, score: 1 }, /needs one of "verdict"/],
    [{ trajectory: 'a', criterion: 'x', score: 2 }, /:1: has 2 as "score"/],
    [{ trajectory: 'a', criterion: 'x', verdict: 1, judge: 'b' }, null],
  ])('are refused where they are wrong: %j', (line, sentence) => {
    const read = () => file([line, { trajectory: 'a', criterion: 'x', verdict: 0, judge: 'c' }], readVerdicts);
    expect(read).toThrow(sentence ?? /:2: is by c, but line 1 is by b\. Give each judge a file of its own/);
  });

  test('need labels that are not all open', () => {
    expect(() => parseLabels(lines([label('a', null)]), 'l.jsonl')).toThrow(/All its 1 slots are open: write 0 or 1/);
  });
});

const asked = (id: string, reply: string, labels?: Record<string, number | null>) => ({
  id,
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Is it raining in Oslo?' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: '1', function: { name: 'weather__now', arguments: '{"city":"Oslo"}' } }],
    },
    { role: 'tool', tool_call_id: '1', content: reply },
    { role: 'assistant', content: 'Yes, it rains.' },
  ],
  criteria: [
    { id: 'looked', description: 'The weather was looked up.' },
    { id: 'says', description: 'The answer says "rains".' },
  ],
  ...(labels ? { labels } : {}),
});

describe('plain transcripts', () => {
  test('are read as turns, whichever way calls are written', () => {
    const parts = {
      id: 'parts',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Tidy up.' }] },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'I will.' },
            { type: 'tool_use', id: 't', name: 'files.remove', input: { path: 'a' } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'no such file', is_error: true }] },
        { role: 'assistant', content: 'Done.' },
        { role: 'user', content: 'Sure?' },
      ],
      criteria: [{ id: 'c', description: 'x' }],
    };
    const [plain, other] = file([asked('plain', 'Rain, 4 °C'), parts], readTranscripts).transcripts;
    expect(plain?.trajectory).toMatchObject({
      prompt: 'Is it raining in Oslo?',
      outcome: { kind: 'terminated', answer: 'Yes, it rains.' },
    });
    expect(plain?.trajectory.turns[0]?.calls[0]).toMatchObject({
      action: { arguments: { server: 'weather', tool: 'now', arguments: { city: 'Oslo' } } },
      observation: { text: 'Rain, 4 °C', isError: false },
    });
    expect(other?.trajectory.outcome).toEqual({ kind: 'truncated', cause: 'left' });
    expect(other?.trajectory.turns).toMatchObject([
      { calls: [{ observation: { isError: true, text: 'no such file' } }] },
      { calls: [{ event: { kind: 'finished' } }], user: 'Sure?' },
    ]);
  });

  test.each([
    [{ ...asked('a', ''), labels: { lookde: 1 } }, /labels "lookde", which is no criterion of the transcript/],
    [{ ...asked('a', ''), messages: [] }, /"messages"/],
    [
      {
        ...asked('a', ''),
        criteria: [
          { id: 'x', description: 'y' },
          { id: 'x', description: 'z' },
        ],
      },
      /share an id/,
    ],
  ])('are refused where they are wrong', (line, sentence) => {
    expect(() => file([line], readTranscripts)).toThrow(sentence);
  });

  const { signal } = new AbortController();
  const more = { formula: 'all-in-one', concurrency: 2, signal, onProgress: () => undefined } as const;

  test('are judged by any judge that reads, against their labels', async () => {
    const set = file(
      [asked('a', 'Rain', { looked: 1, says: 1 }), asked('b', 'Rain', { looked: 1, says: null })],
      readTranscripts,
    );
    const backend = await judgeNamed('embedded');
    const { stamp, counts } = await calibrateTranscripts({ ...more, set, backend, labels: undefined });
    expect(stamp).toMatchObject({ name: 'embedded', items: 3, tasks: 2 });
    expect(counts).toMatchObject({ verdicts: 4, scored: 4, open: 1 });
    const code = await judgeNamed('code');
    await expect(calibrateTranscripts({ ...more, set, backend: code, labels: undefined })).rejects.toThrow(
      /code goes by a task's plan and end state, which no transcript holds/,
    );
  });

  test('cost no call where labels name an unknown criterion, or there are none', async () => {
    let calls = 0;
    const backend: JudgeBackend = {
      name: 'dear',
      build: '1',
      prompt: null,
      judge: (_, trajectories) => Promise.resolve(trajectories.map(() => [])).finally(() => calls++),
    };
    const set = file([asked('a', 'Rain')], readTranscripts);
    const labels = parseLabels(
      lines([{ trajectory: 'a', criterion: 'lookde', label: 1, rater: 'r', source: 'human' }]),
      'labels.jsonl',
    );
    await expect(calibrateTranscripts({ ...more, set, backend, labels })).rejects.toThrow(
      /labels\.jsonl:1: "lookde" is no criterion of a\. It has: looked, says/,
    );
    await expect(calibrateTranscripts({ ...more, set, backend, labels: undefined })).rejects.toThrow(/holds no labels/);
    expect(calls).toBe(0);
  });
});

test('slots for people are a sample by lot, say nothing of verdicts, and are read back as open', async () => {
  const { path: folder } = storedRun();
  const chosen = { folder, manifest, suite, rubrics: 'plan', episodes: 2, rater: 'anna' } as const;
  const { slots, reading, episodes, count } = labelSlots(chosen);
  expect(labelSlots(chosen).slots).toBe(slots);
  expect([episodes, count]).toEqual([2, slots.trimEnd().split('\n').length]);
  const first = JSON.parse(slots.split('\n')[0] ?? '') as { trajectory: string; criterion: string };
  expect(reading).toContain(first.trajectory);
  expect(reading).toContain('REQUEST: ');
  expect(slots).not.toContain('verdict');
  expect(() => parseLabels(slots, 'slots.jsonl')).toThrow(`All its ${count} slots are open`);
  const { labels, open } = parseLabels(slots.replace('"label":null', '"label":1'), 'slots.jsonl');
  expect([labels.length, open]).toEqual([1, count - 1]);
  expect(labels[0]).toMatchObject({ trajectory: first.trajectory, rater: 'anna', source: 'human', score: 1 });
});
