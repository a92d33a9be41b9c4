import { Ajv2020 } from 'ajv/dist/2020.js';
import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { parseLabels, readLabels } from '../../judges/calibration/labels.ts';
import schema from '../../judges/calibration/labels.schema.json' with { type: 'json' };

const line = (fields: object) =>
  JSON.stringify({
    trajectory: 'run test a 0',
    criterion: 'done',
    label: 1,
    rater: 'anna',
    source: 'human',
    ...fields,
  });

const complaintOf = (text: string): string => {
  try {
    parseLabels(text, 'labels.jsonl');
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('the labels were taken');
};

describe('the published schema', () => {
  it('is strict, and takes its own examples', () => {
    const validate = new Ajv2020({ allErrors: true, strictRequired: false }).compile(schema);
    for (const example of schema.examples) expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe('a label file', () => {
  it('is read line by line, blank ones and Windows ends left out', () => {
    const text = [
      line({}),
      '',
      line({ label: undefined, score: 0.25, rater: 'bo', group: 'g', tags: { kind: 'x' } }) + '\r',
      line({ trajectory: undefined, task: 'a', source: 'planted', note: 'for people' }),
    ].join('\n');
    const { file, labels } = parseLabels(text, 'labels.jsonl');
    expect(file).toBe('labels.jsonl');
    expect(labels).toEqual([
      {
        trajectory: 'run test a 0',
        task: null,
        criterion: 'done',
        score: 1,
        rater: 'anna',
        source: 'human',
        group: null,
        tags: {},
        line: 1,
      },
      {
        trajectory: 'run test a 0',
        task: null,
        criterion: 'done',
        score: 0.25,
        rater: 'bo',
        source: 'human',
        group: 'g',
        tags: { kind: 'x' },
        line: 3,
      },
      {
        trajectory: null,
        task: 'a',
        criterion: 'done',
        score: 1,
        rater: 'anna',
        source: 'planted',
        group: null,
        tags: {},
        line: 4,
      },
    ]);
  });

  it('has a hash of what it says, whatever the order of lines and keys', () => {
    const [one, other] = [line({}), line({ criterion: 'kept' })];
    const hash = parseLabels(`${one}\n${other}`, 'a').hash;
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const turned = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(one) as object).reverse()));
    expect(parseLabels(`${other}\n\n${turned}\n`, 'b').hash).toBe(hash);
    expect(parseLabels(`${line({ label: 0 })}\n${other}`, 'a').hash).not.toBe(hash);
  });

  it.each([
    ['no JSON', '{"label": NaN}', /^labels\.jsonl:1: is no JSON: /],
    ['no object', '[]', /:1: is \[\], not an object\. Write \{"trajectory"/],
    ['a missing key', line({ rater: undefined }), /:1: lacks the key "rater"\.$/],
    [
      'an unknown key',
      line({ verdict: 1 }),
      /:1: has the unknown key "verdict"\. Allowed: trajectory, task, criterion/,
    ],
    ['another label', line({ label: 2 }), /:1: has 2 as "label"\. Allowed: 0 or 1 or null\.$/],
    ['a label in words', line({ label: true }), /:1: has true as "label"\. Allowed: 0 or 1 or null\.$/],
    [
      'a score out of range',
      line({ label: undefined, score: 1e9 }),
      /:1: has 1000000000 as "score"\. How far it is met/,
    ],
    ['a score in words', line({ label: undefined, score: '1' }), /:1: has "1" as "score", not a number/],
    ['label and score', line({ score: 1 }), /:1: It needs either "label" \(0 or 1\) or "score"/],
    ['neither', line({ label: undefined }), /:1: It needs either "label"/],
    ['no trajectory', line({ trajectory: undefined }), /:1: It needs "trajectory", "task" or both\.$/],
    ['another source', line({ source: 'guess' }), /:1: has "guess" as "source"\. Allowed: "planted" or "human"\.$/],
    ['a tag that is no text', line({ tags: { kind: 3 } }), /:1: has 3 as "tags\.kind", not a string/],
    [
      'the same twice',
      `${line({})}\n${line({ label: 0 })}`,
      /:2: anna has labelled done of the same trajectory in line 1/,
    ],
    ['nothing', ' \n\n', /^labels\.jsonl holds no labels\./],
  ])('with %s is refused with its line', (_, text, message) => {
    expect(complaintOf(text)).toMatch(message);
  });

  it('tells every fault at once, up to twenty', () => {
    const bad = Array.from({ length: 25 }, () => line({ label: 7 }));
    const lines = complaintOf([line({}), ...bad].join('\n')).split('\n');
    expect(lines).toHaveLength(21);
    expect(lines[0]).toMatch(/^labels\.jsonl:2: /);
    expect(lines[20]).toBe('and 5 more.');
  });

  it('that cannot be read says why', () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'labels-'));
    const path = join(folder.path, 'labels.jsonl');
    expect(() => readLabels(path)).toThrow(/^Cannot read the labels .*: it is not there\.$/);
    expect(() => readLabels(folder.path)).toThrow(/it is a folder; name a \.jsonl file\.$/);
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00]));
    expect(() => readLabels(path)).toThrow(/it is no text in UTF-8, nor in UTF-16 with a byte order mark\.$/);
    writeFileSync(path, line({}));
    expect(readLabels(path).labels).toHaveLength(1);
  });

  it('may come from an editor on Windows', () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'labels-'));
    const path = join(folder.path, 'labels.jsonl');
    for (const text of [`\uFEFF${line({})}\r\n`, `\r\n\uFEFF${line({})}\r\n\r\n`])
      for (const encoding of ['utf8', 'utf16le'] as const) {
        writeFileSync(path, Buffer.from(encoding === 'utf8' ? text : `\uFEFF${text}`, encoding));
        expect(readLabels(path).labels, `${encoding} ${JSON.stringify(text)}`).toHaveLength(1);
      }
  });
});
