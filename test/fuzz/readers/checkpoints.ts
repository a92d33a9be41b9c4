import { mkdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { policiesOf } from '../../../baselines/open-policies.ts';
import { trainingJob } from '../../../commands/shared/jobs.ts';
import { checkpointPath, conduct } from '../../../core/run/conduct.ts';
import { suiteNamed } from '../../../suites/tasks/suite-list.ts';
import type { Reader } from '../reader.ts';
import { recordedRun } from '../runs.ts';

const suite = await suiteNamed('smoke');
const job = trainingJob({
  algorithm: 'grpo',
  reward: 'sparse',
  view: 'tool',
  seed: 1,
  episodes: 96,
  rows: {},
  evaluations: [{ split: 'test', tasks: 2 }],
});
const { learner } = await policiesOf(job, suite);
const state = Buffer.from(learner?.save() ?? []);
const end = state.indexOf(10);
const floats = state.subarray(end);
const { unhashed } = recordedRun();
const first = (name: string) => unhashed[name]?.text.split('\n').slice(0, 1) ?? [];
/** Stands for the hash of the state, which is made anew: what is mutated is to get past it. */
const HASH = 'HASH';
const header = {
  job: job.name,
  policy: job.policy,
  update: 1,
  episodes: 32,
  trajectories: first('trajectories.jsonl'),
  learning: first('learning.jsonl'),
  sha256: HASH,
};
const headerFile = { form: 'json', text: JSON.stringify(header) } as const;
const stateFile = { form: 'json', text: state.subarray(0, end).toString() } as const;

/** A checkpoint whose state is whole: as the place where a training goes on, and as a policy. */
export default {
  share: 0.3,
  inputs: [
    { 'header.json': headerFile, 'state.json': { ...stateFile, isFixed: true } },
    { 'header.json': { ...headerFile, isFixed: true }, 'state.json': stateFile },
  ],
  read: async (files, folder) => {
    const body = Buffer.concat([files.get('state.json') ?? Buffer.alloc(0), floats]);
    const text = files.get('header.json')?.toString().replace(HASH, createHash('sha256').update(body).digest('hex'));
    mkdirSync(join(folder, 'checkpoints'));
    const path = checkpointPath(folder, job.name);
    writeFileSync(path, Buffer.concat([Buffer.from(`toolstone checkpoint 1\n${text}\n`), body]));
    await conduct({
      folder,
      jobs: [job],
      crew: {
        width: 1,
        startWorker: () => ({
          run: async ({ resume }) => {
            const { update = 0, episodes = 0 } = resume ?? {};
            if (!Number.isInteger(update + episodes))
              throw new Error(`goes on at update ${update}, episode ${episodes}`);
            if (resume) learner?.restore(resume.state);
          },
          stop: async () => undefined,
        }),
      },
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    await policiesOf({ ...job, policy: `pointer:${path}`, training: null }, suite);
  },
} satisfies Reader;
