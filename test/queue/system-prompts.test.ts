import { onTestFinished, expect, test } from 'vitest';
import { entry } from '../../commands/shared/places.ts';
import { threadCrew } from '../../core/run/run-jobs.ts';
import type { JobMessage } from '../../core/run/episode.ts';
import { plannedEpisodes } from '../../core/run/planned.ts';
import type { Job } from '../../core/run-types.ts';
import { keyText } from '../../core/trajectory.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';

test('each piece of work tells its system prompts, also from a thread that has told them before: the earlier piece may be lost', async () => {
  const suite = await suiteNamed('micro');
  const evaluation = { split: 'test', tasks: 2 } as const;
  const job: Job = {
    name: 'a',
    rows: {},
    seed: 1,
    policy: 'no-op',
    view: 'tool',
    training: null,
    evaluations: [evaluation],
  };
  const thread = threadCrew(entry, { suite: 'micro' }, 1, 1).startWorker();
  onTestFinished(thread.stop);
  for (const { key } of plannedEpisodes(suite, job.name, 'test', evaluation)) {
    const messages: JobMessage[] = [];
    await thread.run({ job, resume: null, done: [], only: [keyText(key)] }, (message) => messages.push(message));
    expect(messages.map(({ kind }) => kind).filter((kind) => kind !== 'timing')).toEqual([
      'system',
      'episode',
      'progress',
    ]);
  }
}, 30_000);
