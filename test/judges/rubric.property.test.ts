import { array, assert, boolean, constantFrom, double, nat, oneof, property, record, subarray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rubric, Verdict } from '../../core/reward-types.ts';
import { rubricFor } from '../../judges/criteria.ts';
import { score } from '../../judges/rewards.ts';
import { rubricProblems, rubricReward } from '../../judges/rubric.ts';
import { callTurn, episode, file, finishTurn, folder, loadTurn, stray, task } from './episodes.ts';

const rubric: Rubric = rubricFor(task.plan, ['a change']);
const scores = array(double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 });
const verdictsOf = (values: readonly number[], isScored: (index: number) => boolean = () => true): Verdict[] =>
  rubric.criteria.map(({ id }, index) =>
    isScored(index)
      ? { criterion: id, state: 'scored', score: values[index] ?? 0 }
      : { criterion: id, state: 'unscored', reason: 'for the test' },
  );

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
        if (scored.length === 0) return expect(reward).toBeNull();
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
    ['two of one id', (all: Rubric['criteria']) => all.map((one) => ({ ...one, id: 'same' })), /share an id/],
    ['a weight of 11', (all: Rubric['criteria']) => all.map((one) => ({ ...one, weight: 11 })), /not 1 to 10/],
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
});
