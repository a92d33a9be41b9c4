import { expect, test } from 'vitest';
import { tallyOf } from '../../core/run/tally.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import syntheticRun from '../reports/synthetic-run.ts';

const { manifest, trajectories } = syntheticRun({ seeds: 1, tasks: 4 });
const job = manifest.jobs.find(({ training }) => training !== null)!;
const played = trajectories.find(({ key }) => key.job === job.name && key.phase === 'test')!;
const [turn] = played.turns;

const episode = (task: string, verified: boolean | null, phase = 'test'): ScoredTrajectory => ({
  ...played,
  key: { ...played.key, phase, task },
  success: verified === null ? null : { verified, properFinish: verified },
  turns: [
    { ...turn!, usage: { promptTokens: 1000, outputTokens: 200 } },
    { ...turn!, tokens: { ...turn!.tokens, prompt: 250, output: 50 } },
  ],
});

test('the line of progress tells what is solved, tokens and money so far', () => {
  const tally = tallyOf(manifest.jobs, (of, { turns }) =>
    of.name === job.name ? { amount: turns.length / 100, currency: 'EUR' } : null,
  );
  expect([tally.cost(), tally.solved(job.name)]).toEqual(['', '']);
  tally.add(episode('a', true, 'validation@128'));
  expect(tally.solved(job.name), 'points of a curve are no success of the job').toBe('');
  expect(tally.cost()).toBe('1.5K tokens · 0.0200 EUR');
  tally.add(episode('a', true));
  tally.add(episode('b', false));
  expect(tally.solved(job.name)).toBe('1 of 2 solved [0.09, 0.91]');
  tally.add(episode('b', true));
  expect(tally.solved(job.name), 'a repeat is an episode more').toBe('2 of 3 solved [0.20, 0.97]');
  tally.add(episode('c', null));
  expect(tally.solved(job.name), 'void').toBe('2 of 3 solved [0.20, 0.97]');
  expect(tally.cost()).toBe('7.5K tokens · 0.1000 EUR');
  expect(tally.solved('another/seed-1'), 'success is the job’s, cost the run’s').toBe('');
});
