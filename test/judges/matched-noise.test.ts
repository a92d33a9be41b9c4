import { expect, test } from 'vitest';
import { randomStream, seedOf } from '../../core/seeds.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { matchedNoise, signFlips, type PlayedGroup } from '../../judges/reward/matched-noise.ts';
import { score } from '../../judges/reward/rewards.ts';
import { isWhole } from '../whole.ts';
import { episode, file, finishTurn, folder, stray, task, wholePlan } from './episodes.ts';

const groupSize = 8;

/** Groups of episodes that get as far as chance has it, from nothing to all of it with something broken. */
const groupsOf = (name: string, count: number): PlayedGroup[] =>
  Array.from({ length: count }, (_, group) => {
    const { below } = randomStream(seedOf('matched noise', name, group));
    const episodes = Array.from({ length: groupSize }, (_unused, member) => {
      const done = below(wholePlan.length + 1);
      const files = [...(done > 1 ? [folder] : []), ...(done > 3 ? [file] : []), ...(below(4) === 0 ? [stray] : [])];
      const turns = [...wholePlan.slice(0, done), ...(below(3) === 0 ? [finishTurn] : [])];
      return score(task, { ...episode(turns, { files }), seed: seedOf('episode', name, group, member) });
    });
    return { task, read: () => episodes };
  });

const flipsOf = async (groups: readonly PlayedGroup[], judge: string, kind: 'plan' | 'end-state' | 'generic') =>
  (await signFlips(groups, await judgeNamed(judge), kind)) ?? NaN;

test('code turns no sign round, a judge that is always wrong all of them, and a coin half', async () => {
  const groups = groupsOf('few', 40);
  for (const kind of ['plan', 'end-state', 'generic'] as const) {
    expect(await flipsOf(groups, 'code', kind)).toBe(0);
    expect(await flipsOf(groups, 'noisy:0/0', kind)).toBe(1);
    expect(Math.abs((await flipsOf(groups, 'noisy:0.5/0.5', kind)) - 0.5)).toBeLessThan(0.12);
  }
  expect(await signFlips(groups.slice(0, 0), await judgeNamed('code'), 'plan')).toBeNull();
});

test('the noise that is found turns as many signs round on groups that were held back, within .02', async () => {
  const [searched, held] = [groupsOf('searched', isWhole ? 1000 : 100), groupsOf('held', isWhole ? 2000 : 250)];
  const target = await flipsOf(searched, 'noisy:0.8/0.8', 'plan');
  expect(target).toBeGreaterThan(0.05);
  const [generic, endState] = await Promise.all([
    matchedNoise(target, 20, (points) => flipsOf(searched, `noisy:${points}points`, 'generic')),
    matchedNoise(target, 0.5, (errors) => flipsOf(searched, `noisy:${1 - errors}/${1 - errors}`, 'end-state')),
  ]);
  const plan = await flipsOf(held, 'noisy:0.8/0.8', 'plan');
  const tolerance = isWhole ? 0.02 : 0.03;
  expect(Math.abs((await flipsOf(held, `noisy:${generic}points`, 'generic')) - plan)).toBeLessThan(tolerance);
  const ofEndState = await flipsOf(held, `noisy:${1 - endState}/${1 - endState}`, 'end-state');
  expect(Math.abs(ofEndState - plan)).toBeLessThan(tolerance);
  // The same noise would not do.
  expect(Math.abs((await flipsOf(held, 'noisy:0.8/0.8', 'generic')) - plan)).toBeGreaterThan(0.02);
}, 300_000);

test('a quality that no such noise reaches is refused', async () => {
  await expect(matchedNoise(0.4, 1, (noise) => Promise.resolve(noise / 10))).rejects.toThrow(
    /Noise of 1 turns fewer signs round than 0\.4/,
  );
  expect(await matchedNoise(0.05, 1, (noise) => Promise.resolve(noise / 10))).toBeCloseTo(0.5, 2);
});
