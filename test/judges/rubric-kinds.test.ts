import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boardTaskFact, fileFact } from '../../core/facts.ts';
import type { Verdict } from '../../core/reward-types.ts';
import { rubricKinds, usualRubric, type RubricKind } from '../../core/rubric-kinds.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { score } from '../../judges/reward/rewards.ts';
import { endStateRubric } from '../../judges/rubric/end-state.ts';
import { rubricOf } from '../../judges/rubric/kinds.ts';
import { rubricProblems } from '../../judges/rubric/rubric.ts';
import { sampled } from '../../suites/tasks/samples.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { callTurn, episode, file, finishTurn, folder, stray, task, wholePlan } from './episodes.ts';

const asked = (kind: RubricKind, of: Task = task): Task => ({ ...of, rubric: rubricOf(of, kind) });
const scoresOf = (verdicts: readonly Verdict[]) =>
  Object.fromEntries(verdicts.map((one) => [one.criterion, one.state === 'scored' ? one.score : one.reason]));
const said = (trajectory: Trajectory, of: Task = task) => scoresOf(score(asked('end-state', of), trajectory).verdicts);
const own = { ...task, suite: 'mine@0123456789ab' };

test.each(['plan', 'end-state', 'generic'] as const)(
  'rewards of the kind %s are on one scale: 0 for nothing, 1 for all of it and no more',
  (kind) => {
    const rewardOf = (...args: Parameters<typeof episode>) => score(asked(kind), episode(...args)).rewards.rubric;
    expect(rewardOf([finishTurn])).toBe(0);
    expect(rewardOf([...wholePlan, finishTurn], { files: [folder, file] })).toBe(1);
    const turns = fc.subarray([...wholePlan, finishTurn]);
    fc.assert(
      fc.property(turns, fc.subarray([folder, file, stray]), (made, files) => {
        const { rewards, success } = score(asked(kind), episode(made, { files }));
        expect(rewards.rubric).toBeGreaterThanOrEqual(0);
        expect(rewards.rubric).toBeLessThanOrEqual(1);
        if (rewards.rubric === 1) expect(success?.verified).toBe(true);
      }),
    );
  },
);

const wholeOf = (files: readonly string[]) => score(asked('generic'), episode([], { files })).verdicts;

test('code gives as one holistic score the state share, in whole points of ten', () => {
  expect(wholeOf([folder])).toEqual([{ criterion: 'whole', state: 'scored', score: 0.5 }]);
  // One of two changes asked for, and one that nobody asked for: 1/3.
  expect(wholeOf([folder, stray])).toEqual([{ criterion: 'whole', state: 'scored', score: 0.3 }]);
});

describe('criteria of the end state', () => {
  test('no word and no verdict of them comes from the plan', () => {
    const without = { ...task, plan: [] };
    expect(endStateRubric(without)).toEqual(endStateRubric(task));
    const turns = fc.subarray([...wholePlan, finishTurn]);
    fc.assert(
      fc.property(turns, fc.subarray([folder, file, stray]), (made, files) => {
        const trajectory = episode(made, { files });
        expect(said(trajectory, without)).toEqual(said(trajectory));
      }),
    );
  });

  test('another way to the same end earns the same', () => {
    const other = [callTurn('filesystem', 'move_file', { source: 'a', destination: 'inbox/a.txt' }), finishTurn];
    const files = [folder, file];
    expect(said(episode(other, { files }))).toEqual(said(episode([...wholePlan, finishTurn], { files })));
  });

  test('half of it, with a wrong text: parts, names and places count what there is', () => {
    const wrong = fileFact('inbox/a.txt', 'good bye');
    expect(said(episode([], { files: [folder, wrong] }))).toMatchObject({
      'changes-made': 0.5,
      'mostly-done': 1,
      'places-reached': 1,
      'places-complete': 0,
      'places-kept': 0.5,
      // (the folder 1 + the file by its path alone .5) / 2
      'parts-right': 0.75,
      'names-right': 1,
      // One of two changes made, and one thing too many: .5 · 2/3.
      'nothing-made-up': 1 / 3,
      'exactly-done': 0,
    });
  });

  test('a planted fault on a server where nothing was asked for, and a damaged world', () => {
    const evidence = { filesystem: [folder, file], 'dex-tasks': [boardTaskFact('sweep', 'the floor', 'done')] };
    const harmed = said(episode([...wholePlan, finishTurn], { evidence }));
    // Of two changes, one thing gone and one new.
    expect(harmed).toMatchObject({ 'changes-made': 1, 'places-complete': 1, 'places-kept': 0.5, 'exactly-done': 0 });
    const damaged = episode(wholePlan, { evidence, outcome: { kind: 'truncated', cause: 'damage' } });
    expect(Object.values(said(damaged)).every((one) => one === 0)).toBe(true);
  });

  test('an answer is a place of its own, and has to be found where the request does not hold it', () => {
    const goal = { kind: 'state', expected: task.initial, answer: { equals: '4711' } } as const;
    const question: Task = { ...task, prompt: 'What is the number?', goal, answer: '4711' };
    expect(endStateRubric(question).criteria[5]?.description).toContain('in each of its places: the final answer.');
    const answering = (answer: string) =>
      said(episode([finishTurn], { of: question, outcome: { kind: 'terminated', answer } }), question);
    expect(answering('4711')).toMatchObject({ 'places-reached': 1, 'found-right': 1, 'finished-when-done': 1 });
    expect(answering('4712')).toMatchObject({ 'places-reached': 0, 'found-right': 0, 'parts-right': 0 });
  });

  test.each(['basic', 'broad', 'ladder'])('are twelve in the paper’s form for every family of %s', async (name) => {
    for (const one of sampled(await suiteNamed(name))) {
      const rubric = endStateRubric(one);
      expect([rubric.form, rubricProblems(rubric)], one.id).toEqual(['atlas', []]);
      const words = rubric.criteria.map(({ description }) => description).join('\n');
      for (const { server, tool } of one.plan) expect(words, one.id).not.toContain(`${server}.${tool}`);
    }
  });

  test('checks say nothing of the rest of the world: four criteria, and code refuses to guess at others', () => {
    const goal = { kind: 'checks', checks: [{ name: 'it answers', kind: 'judged' }], inspections: [] } as const;
    const checked: Task = { ...own, goal };
    const rubric = endStateRubric(checked);
    expect([rubric.form, rubric.criteria.length, rubricProblems(rubric)]).toEqual(['free', 4, []]);
    const twelve = { ...checked, rubric: endStateRubric(task) };
    const { verdicts } = score(twelve, episode([finishTurn], { of: checked }));
    expect(scoresOf(verdicts)['parts-right']).toBe('the goal is checks, not an end state');
  });
});

test('which kinds there are for whom, and which goes without saying', () => {
  expect([usualRubric('basic'), usualRubric(own.suite)]).toEqual(['plan', 'task']);
  for (const kind of rubricKinds.filter((one) => one !== 'task'))
    expect(rubricProblems(rubricOf(task, kind)), kind).toEqual([]);
  // What the house's tasks come with is the plan's, as it is; judges keep what they have read of it.
  expect(rubricOf(task, 'plan')).toBe(task.rubric);
  expect(rubricOf(own, 'task')).toBe(own.rubric);
  expect(rubricOf({ ...own, rubric: { form: 'free', criteria: [] } }, 'plan').criteria).toHaveLength(12);
  expect(() => rubricOf(task, 'task')).toThrow(/Suite hand states no criteria.*--rubric plan, end-state, generic/);
  expect(() => rubricOf({ ...own, plan: [] }, 'plan')).toThrow(
    /hand\/made\/test\/0000 has no plan to make criteria of/,
  );
});
