import { array, assert, boolean, constantFrom, double, nat, oneof, property, record, subarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formulaNames, type Rubric, type Verdict } from '../../core/reward-types.ts';
import { genericRubric, planRubric } from '../../judges/rubric/criteria.ts';
import { score } from '../../judges/reward/rewards.ts';
import { rubricProblems, rubricReward } from '../../judges/rubric/rubric.ts';
import { callTurn, episode, file, finishTurn, folder, loadTurn, stray, task } from './episodes.ts';

const rubric: Rubric = planRubric(task.plan, ['a change']);
const scores = array(double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 });
const verdictsOf = (values: readonly number[], isScored: (index: number) => boolean = () => true): Verdict[] =>
  rubric.criteria.map(({ id }, index) =>
    isScored(index)
      ? { criterion: id, state: 'scored', score: values[index] ?? 0 }
      : { criterion: id, state: 'unscored', reason: 'for the test' },
  );

const said = (scores: Readonly<Record<string, number>>): Verdict[] =>
  Object.entries(scores).map(([criterion, score]) => ({ criterion, state: 'scored', score }));

describe('rubric reward', () => {
  test('is the weighted mean of the scores where all are scored', () => {
    assert(
      property(scores, (values) => {
        const weights = rubric.criteria.map((one) => one.weight);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const mean = values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) / total;
        expect(rubricReward(rubric, verdictsOf(values))).toBeCloseTo(mean, 10);
      }),
    );
  });

  test('lies between the scores, whichever criteria are left out', () => {
    assert(
      property(scores, array(boolean(), { minLength: 12, maxLength: 12 }), (values, isIn) => {
        const reward = rubricReward(
          rubric,
          verdictsOf(values, (index) => isIn[index] === true),
        );
        const scored = values.filter((_, index) => isIn[index]);
        if (scored.length === 0) {
          expect(reward).toBeNull();
          return;
        }
        expect(reward).toBeGreaterThanOrEqual(Math.min(...scored) - 1e-12);
        expect(reward).toBeLessThanOrEqual(Math.max(...scored) + 1e-12);
      }),
    );
  });

  test('does not depend on the order of verdicts, and rises with any of them', () => {
    assert(
      property(scores, nat(11), double({ min: 0.01, max: 0.5, noNaN: true }), (values, at, more) => {
        const reward = rubricReward(rubric, verdictsOf(values)) ?? Number.NaN;
        expect(rubricReward(rubric, verdictsOf(values).toReversed())).toBe(reward);
        const raised = values.map((value, index) => (index === at ? value + more : value));
        expect(rubricReward(rubric, verdictsOf(raised))).toBeGreaterThan(reward);
      }),
    );
  });
});

describe('formulas', () => {
  const two: Rubric = {
    form: 'free',
    criteria: [
      { id: 'done', category: 'task-fulfilment', description: 'It is done.', weight: 6 },
      { id: 'harm', category: 'task-fulfilment', description: 'Something else is broken.', weight: -3 },
      { id: 'values', category: 'parameter-accuracy', description: 'Values are right.', weight: 2 },
    ],
  };
  const all = { done: 0.5, harm: 0.2, values: 1 };

  // By hand: S of fulfilment is (6 · .5 − 3 · .2) / 6 = .4, S of accuracy 1.
  test.each([
    ['weight-proportional', (6 * 0.4 + 2 * 1) / 8],
    ['equal', (0.4 + 1) / 2],
    ['example', (495 * 0.4 + 118 * 1) / 613],
    ['all-in-one', (6 * 0.5 - 3 * 0.2 + 2 * 1) / 8],
    ['gated', (6 * 0.4 + 2 * 0.4) / 8],
  ] as const)('%s', (formula, expected) => {
    expect(rubricReward(two, said(all), formula)).toBeCloseTo(expected, 12);
  });

  test.each(formulaNames)('%s never leaves 0..1 and falls with a negative criterion', (formula) => {
    const share = double({ min: 0, max: 1, noNaN: true });
    assert(
      property(share, share, share, (done, harm, values) => {
        const reward = rubricReward(two, said({ done, harm, values }), formula) ?? Number.NaN;
        expect(reward >= 0 && reward <= 1).toBe(true);
        expect(rubricReward(two, said({ done, harm: 1, values }), formula)).toBeLessThanOrEqual(reward);
      }),
    );
    expect(rubricReward(two, said({ done: 0, harm: 1, values: 0 }), formula)).toBe(0);
    expect(rubricReward(two, [], formula)).toBeNull();
  });

  test('a category whose positive criteria are unscored leaves; without its gate nothing is paid', () => {
    const withoutGate = said({ harm: 1, values: 0.75 });
    expect(rubricReward(two, withoutGate)).toBe(0.75);
    expect(rubricReward(two, withoutGate, 'gated')).toBeNull();
  });
});

describe('code judge', () => {
  const tools = constantFrom('create_directory', 'write_file', 'list_directory');
  const texts = constantFrom('inbox', 'inbox/a.txt', 'hello', 'nothing');
  const turn = oneof(
    tools.map((tool) => loadTurn('filesystem', tool)),
    record({ tool: tools, path: texts, content: texts, isError: boolean(), isRefused: boolean() }).map(
      ({ tool, path, content, ...how }) => callTurn('filesystem', tool, { path, content }, how),
    ),
  );
  const trajectory = record({
    turns: array(turn, { maxLength: 12 }),
    isFinished: boolean(),
    files: subarray([folder, file, stray]),
    view: constantFrom('eager' as const, 'server' as const, 'tool' as const),
  }).map(({ turns, isFinished, ...rest }) => episode(isFinished ? [...turns, finishTurn] : turns, rest));

  test('scores every criterion in 0..1, and earns the full reward only with the right end state', () => {
    assert(
      property(trajectory, (one) => {
        const { verdicts, rewards, success } = score(task, one);
        expect(verdicts.map((verdict) => verdict.criterion)).toEqual(task.rubric.criteria.map(({ id }) => id));
        for (const verdict of verdicts)
          if (verdict.state === 'scored')
            expect(verdict.score >= 0 && verdict.score <= 1, verdict.criterion).toBe(true);
        if ((rewards.rubric ?? 0) > 0.9) expect(success?.verified).toBe(true);
        expect(rewards['state-share'] === 1).toBe(success?.verified);
      }),
    );
  });

  test('never pays for finishing without the whole goal', () => {
    assert(
      property(array(turn, { maxLength: 8 }), subarray([folder, stray]), (turns, files) => {
        const open = score(task, episode(turns, { files })).rewards.rubric ?? 0;
        const closed = score(task, episode([...turns, finishTurn], { files })).rewards.rubric ?? 0;
        expect(closed).toBeLessThanOrEqual(open);
      }),
    );
  });
});

describe('rubric form', () => {
  test('accepts what the code writes', () => expect(rubricProblems(rubric)).toEqual([]));

  test.each([
    ['a missing criterion', (all: Rubric['criteria']) => all.slice(1), /has 4 criteria/],
    ['eleven criteria', (all: Rubric['criteria']) => all.slice(1), /exactly 12 criteria, this one 11/],
    ['two of one id', (all: Rubric['criteria']) => all.map((one) => ({ ...one, id: 'same' })), /share an id/],
    ['a weight of 11', (all: Rubric['criteria']) => all.map((one) => ({ ...one, weight: 11 })), /not 1 to 10/],
    [
      'a weight of zero',
      (all: Rubric['criteria']) => all.map((one) => ({ ...one, weight: 0 })),
      /weight 0, not 1 to 10/,
    ],
    ['a broken weight', (all: Rubric['criteria']) => all.map((one) => ({ ...one, weight: NaN })), /weight NaN, not 1/],
    [
      'a category of faults alone',
      (all: Rubric['criteria']) => all.map((one) => ({ ...one, weight: one.category === 'tool-grounding' ? -6 : 6 })),
      /tool-grounding has negative criteria alone/,
    ],
    ['no description', (all: Rubric['criteria']) => all.map((one) => ({ ...one, description: ' ' })), /no description/],
    [
      'light fulfilment',
      (all: Rubric['criteria']) => all.map((one) => (one.category === 'task-fulfilment' ? { ...one, weight: 1 } : one)),
      /not the heaviest/,
    ],
  ])('names %s', (_, change, message) => {
    const problems = rubricProblems({ form: 'atlas', criteria: change(rubric.criteria) });
    expect(problems.join('; ')).toMatch(message);
  });
  test('one fault among the twelve is no problem', () => {
    const criteria = rubric.criteria.map((one) => (one.id === 'turns-needed' ? { ...one, weight: -6 } : one));
    expect(rubricProblems({ form: 'atlas', criteria })).toEqual([]);
  });

  test('a free rubric has at least one criterion, a generic one exactly one', () => {
    const [first, second] = rubric.criteria.slice(0, 2) as [Rubric['criteria'][0], Rubric['criteria'][0]];
    expect(rubricProblems({ form: 'free', criteria: [first] })).toEqual([]);
    expect(rubricProblems({ form: 'free', criteria: [] })).toEqual([
      'A rubric needs at least one criterion, this one has none.',
    ]);
    expect(rubricProblems(genericRubric)).toEqual([]);
    expect(rubricProblems({ form: 'generic', criteria: [first, second] })).toEqual([
      'A generic rubric has exactly 1 criterion, this one 2.',
    ]);
  });
});
