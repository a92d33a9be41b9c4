import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLearner } from '../../baselines/learner-list.ts';
import { viewNames } from '../../envs/view-list.ts';
import { openPolicy, openSuite, openView, openWorldPool, runEpisode } from '../../commands/shared/library.ts';
import { type PartKind, writePart } from '../../commands/shared/write-part.ts';
import type { Learner } from '../../core/run-types.ts';
import { randomStream } from '../../core/seeds.ts';
import type { EpisodeStart, Policy, ToolResult } from '../../core/types.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { score } from '../../judges/reward/rewards.ts';
import { rubricReward } from '../../judges/rubric/rubric.ts';
import micro from '../../suites/micro.ts';
import { sampleArguments } from '../envs/sample-arguments.ts';
import { episode, file, finishTurn, folder, task, wholePlan } from '../judges/episodes.ts';
import { makeBandit, type Pull } from '../learners/bandit.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

/*
 * What `toolstone new` writes passes what is demanded of a member of the same list in the house (CONTRIBUTING.md). Of a family
 * test/lists.test.ts shows it, in a copy of the repository.
 */

/** Path of a part that was just written. */
function written(kind: PartKind, out = temporaryFolder()): string {
  const { files } = writePart({ kind, name: `mine-${kind}`, out });
  return files[0] as string;
}

test('policy: equal seeds give equal episodes in every view, and it ends them itself', async () => {
  const policy = await openPolicy(written('policy'), { suite: micro });
  const [first] = micro.tasks('test', 1);
  const pool = await openWorldPool({ lanes: 1 });
  try {
    for (const name of viewNames()) {
      const play = async () => runEpisode({ suite: micro, task: first!, policy, pool, view: await openView(name) });
      const played = await play();
      expect([name, played.outcome.kind]).toEqual([name, 'terminated']);
      expect(await play()).toEqual(played);
    }
  } finally {
    await pool.dispose();
  }
});

test('judge: a pure function, scores from 0 to 1, and what it does not score is absent and not 0', async () => {
  const judge = await judgeNamed(written('judge'));
  const episodes = [
    score(task, episode([...wholePlan, finishTurn], { files: [folder, file] })),
    score(task, episode([finishTurn])),
    score(task, episode([], { outcome: { kind: 'failed', culprit: 'world', message: 'it died' } })),
  ];
  const before = JSON.stringify([task, episodes]);
  const said = await judge.judge(task, episodes);
  expect(await judge.judge(task, episodes.toReversed())).toEqual(said.toReversed());
  expect(JSON.stringify([task, episodes])).toBe(before);
  for (const verdicts of said) {
    expect(verdicts.map(({ criterion }) => criterion)).toEqual(task.rubric.criteria.map(({ id }) => id));
    const scored = verdicts.flatMap((verdict) => (verdict.state === 'scored' ? [verdict] : []));
    for (const one of scored) expect(one.score >= 0 && one.score <= 1, one.criterion).toBe(true);
    expect(scored.length).toBeLessThan(verdicts.length);
    const unscored = verdicts.filter(({ state }) => state !== 'scored');
    expect(rubricReward(task.rubric, unscored)).toBeNull();
  }
});

/** Gives a learner batches of episodes, in which a higher arm is better. */
function learn(learner: Learner, updates: readonly number[]): void {
  for (const update of updates) {
    const episodes = Array.from({ length: 8 }, (_, member) => {
      const session = learner.policy.start({ seed: update * 100 + member } as EpisodeStart) as Pull;
      return { session, reward: session.arm / 3 };
    });
    learner.update([{ task: 'a', episodes }], update / 6);
  }
}

test('learner: a training that is resumed from what it saved ends with the same bits', async () => {
  const { definition } = await readLearner(written('learner'));
  const start = () => definition.make(makeBandit(4), {}, {} as Policy);
  const whole = start();
  learn(whole, [0, 1, 2, 3, 4, 5]);
  const half = start();
  learn(half, [0, 1, 2]);
  const resumed = start();
  resumed.restore(half.save());
  learn(resumed, [3, 4, 5]);
  expect(Buffer.from(resumed.save()).equals(Buffer.from(whole.save()))).toBe(true);
  expect(Buffer.from(half.save()).equals(Buffer.from(whole.save()))).toBe(false);
});

/** A task file in which the server and the verifier that were written stand. */
function taskFile(): string {
  const out = temporaryFolder();
  const verifier = written('verifier', out);
  written('server', out);
  writeFileSync(verifier, readFileSync(verifier, 'utf8').replaceAll('my-server', 'mine-server'));
  const example = readFileSync(new URL('../../docs/examples/parts/tasks.yaml', import.meta.url), 'utf8');
  const file = join(out, 'tasks.yaml');
  writeFileSync(file, example.replaceAll('my-server', 'mine-server').replaceAll(/\w+\.ts/g, 'mine-$&'));
  return file;
}

test('server and verifier: `tasks check` finds their task sound, and the same calls from the same state give the same bytes', async () => {
  const tasks = taskFile();
  const { code, stdout } = await toolstone('tasks', 'check', tasks);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^sound {2}write-plan\n[\s\S]*The task is sound\./)]);
  await openSuite(tasks);
  const pool = await openWorldPool({ lanes: 2 });
  const play = (seed: number) =>
    pool.use({ servers: ['mine-server'], files: {} }, 7, async (world) => {
      const random = randomStream(seed);
      const results: ToolResult[] = [];
      for (const tool of [...world.toolspace.tools, ...world.toolspace.tools])
        results.push(await world.call('mine-server', tool.name, sampleArguments(tool, random)));
      return { results, evidence: await world.evidence() };
    });
  try {
    const [one, other] = await Promise.all([play(1), play(1)]);
    expect(other).toEqual(one);
    expect(JSON.stringify(one.evidence), 'a note was written').toContain('.txt');
    // Notes of other titles in both lanes, which no later episode may find.
    await Promise.all([play(2), play(3)]);
    expect(await play(1)).toEqual(one);
  } finally {
    await pool.dispose();
  }
});
