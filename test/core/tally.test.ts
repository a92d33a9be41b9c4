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

test('the line of progress tells success with its interval, tokens and money so far', () => {
  const tally = tallyOf(manifest.jobs, (of, { turns }) =>
    of.name === job.name ? { amount: turns.length / 100, currency: 'EUR' } : null,
  );
  expect(tally.of(job.name)).toBe('');
  tally.add(episode('a', true, 'validation@128'));
  expect(tally.of(job.name), 'points of a curve are no success of the job').toBe('1.5K tokens · 0.0200 EUR · ');
  tally.add(episode('a', true));
  tally.add(episode('b', false));
  // Wilson's interval of 1 of 2.
  expect(tally.of(job.name)).toBe('0.50 (0.09 to 0.91) solved · 4.5K tokens · 0.0600 EUR · ');
  tally.add(episode('b', true));
  expect(tally.of(job.name), 'a repeat is no task more').toMatch(/^0\.75 \(0\.20 to 0\.97\) solved/);
  tally.add(episode('c', null));
  expect(tally.of(job.name), 'void').toMatch(/^0\.75 .* 7\.5K tokens/);
  expect(tally.of('another/seed-1'), 'tokens and money are the run’s').toBe('7.5K tokens · 0.1000 EUR · ');
});
