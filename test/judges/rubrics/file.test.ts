import { Ajv2020 } from 'ajv/dist/2020.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { ask } from '../../../judges/judge-definition.ts';
import { judgeNamed } from '../../../judges/judge-list.ts';
import { rubricReward } from '../../../judges/rubric/rubric.ts';
import { readRubrics, rubricsRecord, withRubrics, type RubricLine } from '../../../judges/rubric/file.ts';
import schema from '../../../judges/rubric/rubrics.schema.json' with { type: 'json' };
import { episode, finishTurn, task, wholePlan } from '../episodes.ts';
import { temporary } from './writer-before.ts';

const criterion = { id: 'there', category: 'task-fulfilment', description: 'The folder is there.', weight: 8 } as const;
const line: RubricLine = { task: task.id, form: 'free', criteria: [criterion] };
const by = { name: 'ollama:tiny', build: 'd1', prompt: 'p', withSolution: false };
const inVain: RubricLine = {
  task: 'hand/made/test/0001',
  form: 'atlas',
  by,
  unusable: [{ cause: 'unparseable', reason: 'the reply is empty' }],
};

function fileOf(...lines: readonly unknown[]): string {
  const path = join(temporary(), 'mine.jsonl');
  writeFileSync(path, lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n'));
  return path;
}

test('the published schema is strict, and takes its own examples', () => {
  const validate = new Ajv2020({ allErrors: true, strictRequired: false }).compile(schema);
  for (const example of schema.examples) expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
});

test('rubrics of a file take the place of the tasks’ own, and the record says whose they are', () => {
  const set = readRubrics(fileOf(line, '', { ...inVain, task: 'else' }, inVain));
  const tasks = withRubrics([task, { ...task, id: inVain.task }], set);
  expect(tasks.map(({ rubric }) => rubric)).toEqual([
    { form: 'free', criteria: [criterion] },
    { form: 'atlas', criteria: [] },
  ]);
  const ids = tasks.map(({ id }) => id);
  expect(rubricsRecord(set, ids)).toEqual({
    file: 'mine.jsonl',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    by: ['ollama:tiny (d1)'],
    without: { unparseable: 1 },
  });
  expect(rubricsRecord('plan', ids)).toBe('plan');
  const shown = readRubrics(fileOf({ ...line, by: { ...by, withSolution: true } }));
  expect(rubricsRecord(shown, ids)).toMatchObject({ by: ['ollama:tiny (d1) with the solution'] });
});

test('a task of which a model gave no rubric is shown to no judge and has no reward', async () => {
  const [of] = withRubrics([{ ...task, id: inVain.task }], readRubrics(fileOf(inVain))) as [typeof task];
  const one = episode([...wholePlan, finishTurn], { of });
  for (const name of ['code', 'embedded']) expect(await ask(await judgeNamed(name), of, [one])).toEqual([[]]);
  const never = { name: 'x', build: '1', prompt: null, judge: () => Promise.reject(new Error('it was asked')) };
  expect(await ask(never, of, [one])).toEqual([[]]);
  expect(rubricReward(of.rubric, [])).toBeNull();
});

test('the embedded judge reads criteria in a model’s words', async () => {
  const said = { ...criterion, description: 'filesystem.create_directory {"path":"inbox"} is called.' };
  const [of] = withRubrics([task], readRubrics(fileOf({ ...line, criteria: [said] }))) as [typeof task];
  const [done, not] = await ask(await judgeNamed('embedded'), of, [
    episode([...wholePlan, finishTurn]),
    episode([finishTurn]),
  ]);
  const [high, low] = [done, not].map((verdicts) => (verdicts?.[0]?.state === 'scored' ? verdicts[0].score : NaN));
  expect(high).toBeGreaterThan(low as number);
});

const atlas = { ...line, form: 'atlas' };
test.each([
  [[], /holds no rubrics/],
  [['{"task": "a", '], /mine\.jsonl:1: is no JSON/],
  [['[]'], /mine\.jsonl:1: is \[\], not an object\. Write \{"task": …/],
  [[line, line], /mine\.jsonl:2: is a second rubric of hand\/made\/test\/0000/],
  [[atlas], /mine\.jsonl:1: An atlas rubric has exactly 12 criteria, this one 1\./],
  [[{ ...line, criteria: [{ ...criterion, weight: 0 }] }], /there has weight 0, not 1 to 10/],
  [[{ ...line, criteria: [{ ...criterion, weight: 1e9 }] }], /1000000000 as "criteria\.0\.weight"/],
  [[{ ...line, criteria: [criterion, criterion] }], /Two criteria share an id/],
  [[{ ...line, criteria: [{ ...criterion, weight: -5 }] }], /negative criteria alone/],
  [[{ ...line, criteria: [] }], /has \[\] as "criteria"/],
  [[{ task: 'a', form: 'atlas' }], /mine\.jsonl:1: /],
  [[{ ...line, form: 'generic' }], /"generic" as "form"\. Allowed: "atlas" or "free"/],
] as const)('the file %j is refused with line and reason', (lines, sentence) => {
  const path = fileOf(...lines);
  expect(() => readRubrics(path)).toThrow(sentence);
  expect(() => readRubrics(path)).toThrow(UsageError);
});

test('a file that does not go with the tasks is refused', () => {
  const set = readRubrics(fileOf({ ...line, request: 'Something else.' }));
  expect(() => withRubrics([task], set)).toThrow(/has a rubric of hand\/made\/test\/0000 for another request/);
  expect(() => withRubrics([{ ...task, id: 'b' }, task], set)).toThrow(/no line for 1 of the 2 tasks, e\.g\. b\./);
  expect(() => readRubrics(join(temporary(), 'none.jsonl'))).toThrow(/Cannot read the rubrics .*it is not there/);
});
