import { expect, test } from 'vitest';
import { episodesAtOnce } from '../../baselines/open-policies.ts';
import { widthOf } from '../../core/run/run-jobs.ts';
import { fixedJob } from '../../commands/shared/jobs.ts';
import { batchFor } from '../../commands/shared/queue-run.ts';

test.each([
  { jobs: 1, cores: 1, threads: 1, lanes: 1 },
  { jobs: 1, cores: 2, threads: 1, lanes: 3 },
  { jobs: 2, cores: 2, threads: 2, lanes: 1 },
  { jobs: 18, cores: 2, threads: 2, lanes: 1 },
  { jobs: 3, cores: 4, threads: 3, lanes: 1 },
  { jobs: 15, cores: 16, threads: 15, lanes: 1 },
  { jobs: 4, cores: 16, threads: 4, lanes: 3 },
])('$jobs jobs on $cores cores: $threads threads of $lanes episodes', ({ jobs, cores, threads, lanes }) => {
  expect(widthOf(jobs, undefined, cores)).toEqual({ threads, lanes });
});

test('what was asked for is kept; episodes that wait for a model are eight, and handed out in smaller pieces', async () => {
  expect(widthOf(5, 8, 2)).toEqual({ threads: 2, lanes: 4 });
  expect(widthOf(5, 1, 4)).toEqual({ threads: 1, lanes: 1 });
  const jobs = ['oracle', 'ollama:tiny'].map((policy) => fixedJob(policy, 'tool', {}, []));
  expect(await Promise.all([episodesAtOnce(jobs.slice(0, 1)), episodesAtOnce(jobs)])).toEqual([undefined, 8]);
  expect(await Promise.all([batchFor(jobs.slice(0, 1)), batchFor(jobs)])).toEqual([64, 16]);
});
