import { describe, expect, test } from 'vitest';
import type { Trajectory } from '../../core/trajectory.ts';
import { score } from '../../judges/reward/rewards.ts';
import {
  callTurn,
  episode,
  file,
  finishTurn,
  folder,
  loadFolder,
  loadTurn,
  loadWrite,
  makeFolder,
  stray,
  task,
  wholePlan,
  write,
} from './episodes.ts';

const rubric = (trajectory: Trajectory) => score(task, trajectory).rewards.rubric ?? Number.NaN;
const done = [folder, file];

const writing = { path: 'inbox/a.txt', content: 'hello' };
const share = (files: readonly string[]) => score(task, episode([], { files })).rewards['state-share'];

test('where code finds nothing wrong and the rest is for a judge there is no success, but what the rubric pays', () => {
  const checks = [
    { kind: 'file', name: 'made', server: 'filesystem', path: 'inbox/a.txt', test: { contains: 'hello' } },
    { kind: 'judged', name: 'friendly' },
  ] as const;
  const open = { ...task, goal: { kind: 'checks', checks, inspections: [] } } as const;
  const right = score(open, episode([...wholePlan, finishTurn], { files: done }));
  expect(right.success).toBeNull();
  expect(right.rewards).toEqual({ sparse: null, 'state-share': null, rubric: expect.any(Number) as number });
  const idle = score(open, episode([finishTurn]));
  expect(idle.success).toEqual({ verified: false, properFinish: false });
  expect(idle.rewards['state-share'], 'what a judge says is no share of it').toBe(0);
});

describe('rubric reward', () => {
  test('pays nothing for doing nothing, finished or not, whatever is claimed', () => {
    const claim = { kind: 'terminated', answer: 'Folder and file are made.' } as const;
    expect(rubric(episode([finishTurn]))).toBe(0);
    expect(rubric(episode([]))).toBe(0);
    expect(rubric(episode([finishTurn], { outcome: claim }))).toBe(0);
    expect(rubric(episode([finishTurn], { view: 'eager' }))).toBe(0);
  });

  test('pays 1 for the plan carried out and finished, in every view', () => {
    expect(rubric(episode([...wholePlan, finishTurn], { files: done }))).toBeCloseTo(1, 12);
    expect(rubric(episode([makeFolder, write, finishTurn], { files: done, view: 'eager' }))).toBeCloseTo(1, 12);
    const server = [loadTurn('filesystem', 'create_directory', 'write_file', 'read_file'), makeFolder, write];
    expect(rubric(episode([...server, finishTurn], { files: done, view: 'server' }))).toBeCloseTo(1, 12);
  });

  test('rises with every right act', () => {
    const steps = [
      rubric(episode([])),
      rubric(episode([loadFolder])),
      rubric(episode([loadFolder, callTurn('filesystem', 'create_directory', { path: 'else' }, { isError: true })])),
      rubric(episode([loadFolder, makeFolder], { files: [folder] })),
      rubric(episode([loadFolder, makeFolder, loadWrite], { files: [folder] })),
      rubric(episode(wholePlan, { files: done })),
      rubric(episode([...wholePlan, finishTurn], { files: done })),
    ];
    for (const [index, value] of steps.entries())
      if (index > 0) expect(value - (steps[index - 1] ?? 0), `rise at step ${index}`).toBeGreaterThan(0.02);
  });

  test('pays clearly more for finishing what is done than for going on until the limit', () => {
    const goingOn = [...wholePlan, ...Array.from({ length: 4 }, () => callTurn('filesystem', 'list_directory', {}))];
    const finished = rubric(episode([...wholePlan, finishTurn], { files: done }));
    expect(finished - rubric(episode(goingOn, { files: done }))).toBeGreaterThan(0.1);
  });

  test('does not pay for finishing early', () => {
    const half = [loadFolder, makeFolder];
    expect(rubric(episode([...half, finishTurn], { files: [folder] }))).toBeCloseTo(
      rubric(episode(half, { files: [folder] })),
      12,
    );
  });

  test('charges a wrong thing that was made before the right one', () => {
    const wrong = callTurn('filesystem', 'write_file', { path: 'inbox/b.txt', content: 'hello' });
    const turns = [loadFolder, makeFolder, loadWrite, wrong, write, finishTurn];
    const clean = rubric(episode([...wholePlan, finishTurn], { files: done }));
    expect(clean - rubric(episode(turns, { files: [...done, stray] }))).toBeGreaterThan(0.15);
  });

  test('charges needless loads, refused calls and repeated calls', () => {
    const clean = rubric(episode([...wholePlan, finishTurn], { files: done }));
    const charged = {
      load: [loadTurn('git', 'git_log'), ...wholePlan, finishTurn],
      'second load': [loadFolder, ...wholePlan, finishTurn],
      refusal: [callTurn('git', 'git_log', {}, { isRefused: true }), ...wholePlan, finishTurn],
      repetition: [...wholePlan, write, finishTurn],
      error: [
        loadWrite,
        callTurn('filesystem', 'write_file', writing, { isError: true }),
        ...wholePlan.slice(0, 2),
        write,
        finishTurn,
      ],
    };
    for (const [name, turns] of Object.entries(charged))
      expect(rubric(episode(turns, { files: done })), name).toBeLessThan(clean - 0.005);
  });

  test('loading everything without calling anything earns little', () => {
    const all = ['create_directory', 'write_file'].map((tool) => loadTurn('filesystem', tool));
    expect(rubric(episode([...all, loadTurn('git', 'git_log'), finishTurn]))).toBeLessThan(0.1);
  });

  test('takes another way to the same end for as good', () => {
    const other = [loadTurn('obsidian', 'create-note'), callTurn('obsidian', 'create-note', { a: 'b' }), finishTurn];
    expect(rubric(episode(other, { files: done }))).toBeCloseTo(1, 12);
  });

  test("reads paths below the server's folder as the same values", () => {
    const absolute = callTurn('filesystem', 'create_directory', { path: '/world/filesystem/inbox' });
    const relative = callTurn('filesystem', 'create_directory', { path: './inbox' });
    const expected = rubric(episode([loadFolder, makeFolder], { files: [folder] }));
    for (const call of [absolute, relative])
      expect(rubric(episode([loadFolder, call], { files: [folder] }))).toBeCloseTo(expected, 12);
  });
});

describe('success', () => {
  test('is the end state alone; finishing it properly is another column', () => {
    const open = score(task, episode(wholePlan, { files: done }));
    expect(open.success).toEqual({ verified: true, properFinish: false });
    expect(open.rewards.sparse).toBe(1);
    const closed = score(task, episode([finishTurn], { files: done }));
    expect(closed.success).toEqual({ verified: true, properFinish: true });
  });

  test('fails with damage on any server', () => {
    expect(score(task, episode([finishTurn], { files: [...done, stray] })).success?.verified).toBe(false);
    const evidence = { filesystem: done, 'dex-tasks': [] };
    expect(score(task, episode([finishTurn], { evidence })).success?.verified).toBe(false);
  });

  test('a void episode has no success, no reward and no verdict, never a zero', () => {
    const outcome = { kind: 'failed', culprit: 'world', message: 'the server died' } as const;
    const result = score(task, episode([], { outcome }));
    expect(result.success).toBeNull();
    expect(result.rewards).toEqual({ sparse: null, 'state-share': null, rubric: null });
    expect(result.verdicts).toHaveLength(12);
    expect(result.verdicts.every((one) => one.state === 'unscored')).toBe(true);
  });
});

describe('state share', () => {
  test('is the share of right changes among asked and stray ones', () => {
    expect(share([])).toBe(0);
    expect(share([folder])).toBe(1 / 2);
    expect(share([folder, stray])).toBe(1 / 3);
    expect(share(done)).toBe(1);
  });
});
