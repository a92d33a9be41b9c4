import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PolicyUnusable } from '../../core/policy-unusable.ts';
import { writeCheckpoint } from '../../core/record/checkpoint.ts';
import { checkpointPath, conduct, type ConductOptions } from '../../core/run/conduct.ts';
import type { JobWorker } from '../../core/run/job-worker.ts';
import { episodesOf } from '../../core/run/episodes-of.ts';
import type { JobMessage, Resume } from '../../core/run/episode.ts';
import type { Job } from '../../core/run-types.ts';
import { keyIn, keyText, type EpisodeKey, type Outcome } from '../../core/trajectory.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conduct-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const done: Outcome = { kind: 'terminated', answer: '' };
const broken: Outcome = { kind: 'failed', culprit: 'policy', message: 'the endpoint is down' };

const fixed = (name: string, tasks: number): Job => ({
  name,
  rows: {},
  seed: 1,
  policy: 'no-op',
  view: 'tool',
  training: null,
  evaluations: [{ split: 'test', tasks }],
});

const training = {
  reward: 'rubric',
  algorithm: 'grpo',
  episodes: 4,
  groupSize: 2,
  groupsPerUpdate: 1,
  evaluateEvery: 2,
  validationTasks: 1,
  recordEvery: 1,
} as const;

const keyOf = (job: string, phase: string, task: number, repetition = 0): EpisodeKey => ({
  job,
  phase,
  task: `t${task}`,
  repetition,
});
const lineOf = (key: EpisodeKey, outcome: Outcome = done) => JSON.stringify({ key, outcome });

/** Does the episodes of a fixed job that are not done yet, in a given order, and remembers which. */
function worker(did: string[], options: { readonly isReversed?: boolean; readonly outcome?: Outcome } = {}): JobWorker {
  return {
    run: async ({ job, done: written }, listen) => {
      const tasks = Array.from({ length: job.evaluations[0]?.tasks ?? 0 }, (_, task) => task);
      for (const task of options.isReversed ? tasks.toReversed() : tasks) {
        const key = keyOf(job.name, 'test', task);
        if (written.includes(keyText(key))) continue;
        did.push(keyText(key));
        await Promise.resolve();
        listen({ kind: 'episode', key, line: lineOf(key, options.outcome) });
        listen({ kind: 'progress', episodes: 1 });
      }
    },
    stop: async () => undefined,
  };
}

const run = (
  jobs: readonly Job[],
  startWorker: () => JobWorker,
  more: Partial<Pick<ConductOptions, 'signal' | 'prove'>> = {},
) => {
  const progress: [number, number][] = [];
  const end = conduct({
    folder,
    jobs,
    crew: { width: 2, startWorker },
    onProgress: (part, total) => progress.push([part, total]),
    signal: new AbortController().signal,
    ...more,
  });
  return end.then(() => progress.at(-1));
};

const record = () => readFileSync(join(folder, 'trajectories.jsonl'), 'utf8');
const keys = () =>
  record()
    .trimEnd()
    .split('\n')
    .map((line) => keyText((JSON.parse(line) as { key: EpisodeKey }).key));

test('files end in plan order, whatever the order of writing; a finished run is not done again', async () => {
  const jobs = [fixed('b/seed-1', 3), fixed('a/seed-1', 2)];
  expect(await run(jobs, () => worker([], { isReversed: true }))).toEqual([5, 5]);
  const bytes = record();
  expect(keys()).toEqual([
    'b/seed-1 test t0 0',
    'b/seed-1 test t1 0',
    'b/seed-1 test t2 0',
    'a/seed-1 test t0 0',
    'a/seed-1 test t1 0',
  ]);
  const did: string[] = [];
  expect(await run(jobs, () => worker(did))).toEqual([5, 5]);
  expect([did, record()]).toEqual([[], bytes]);
});

test('void episodes are tried again by the same command, and leave nothing behind', async () => {
  const jobs = [fixed('a/seed-1', 2)];
  await run(jobs, () => worker([], { outcome: broken }));
  expect(record()).toContain('the endpoint is down');
  const did: string[] = [];
  await run(jobs, () => worker(did));
  expect(did).toHaveLength(2);
  expect(record()).not.toContain('the endpoint is down');
  expect(keys()).toHaveLength(2);
});

test('a torn last line is the one episode that is done again', async () => {
  const jobs = [fixed('a/seed-1', 3)];
  await run(jobs, () => worker([]));
  const whole = record();
  const lines = whole.split('\n');
  rmSync(join(folder, 'trajectories.jsonl'));
  appendFileSync(join(folder, 'trajectories.jsonl'), `${lines[0]}\n${lines[2]}\n${lines[1]?.slice(0, 9)}`);
  const did: string[] = [];
  expect(await run(jobs, () => worker(did))).toEqual([3, 3]);
  expect(did).toEqual(['a/seed-1 test t1 0']);
  expect(record()).toBe(whole);
});

test('a kill between checkpoint and record loses no record: the checkpoint holds those since the one before', async () => {
  const job: Job = { ...fixed('g/seed-1', 0), training };
  const trained = [0, 1].map((member) => keyOf(job.name, 'train', 7, member));
  const state = new Uint8Array([1, 2, 3]);
  const point = { job: job.name, update: 1, episodes: 2, metrics: { loss: 1 } };
  await run([], () => worker([])); // makes the folders
  writeCheckpoint(checkpointPath(folder, job.name), {
    job: job.name,
    policy: 'pointer',
    update: 1,
    episodes: 2,
    state,
    trajectories: trained.map((key) => lineOf(key, broken)),
    learning: [JSON.stringify(point)],
  });
  const resumes: (Resume | null)[] = [];
  const one: JobWorker = {
    run: async ({ resume }) => void resumes.push(resume),
    stop: async () => undefined,
  };
  await run([job], () => one);
  expect(resumes).toEqual([{ update: 1, episodes: 2, isOver: false, state }]);
  expect(keys()).toEqual(trained.map(keyText));
  expect(readFileSync(join(folder, 'learning.jsonl'), 'utf8')).toBe(`${JSON.stringify(point)}\n`);
  await run([job], () => one);
  expect(keys(), 'void training episodes stay: their policy is gone').toEqual(trained.map(keyText));
});

test('a training that was warm and ended early is over: the same command finds nothing to do', async () => {
  const job: Job = { ...fixed('h/seed-1', 0), training: { ...training, warmStart: 6, stopAt: 0.9 } };
  await run([], () => worker([])); // makes the folders
  const at = {
    job: job.name,
    policy: 'pointer',
    update: 1,
    state: new Uint8Array([1]),
    trajectories: [],
    learning: [],
  };
  const started = async (episodes: number) => {
    writeCheckpoint(checkpointPath(folder, job.name), { ...at, episodes, isOver: true });
    let count = 0;
    await run([job], () => ({ run: async () => void count++, stop: async () => undefined }));
    return count;
  };
  expect(await started(episodesOf(job))).toBe(0);
  expect(await started(episodesOf(job) - 6)).toBe(1);
});

test('the first failure ends the run and stops every worker; what was written stays', async () => {
  const stopped: string[] = [];
  const workers = ['good', 'bad'].map((name): JobWorker => {
    const end = Promise.withResolvers<void>();
    return {
      run: async ({ job }, listen) => {
        if (name === 'bad') throw new Error('the thread is gone');
        const key = keyOf(job.name, 'test', 0);
        listen({ kind: 'episode', key, line: lineOf(key) } satisfies JobMessage);
        await end.promise;
        throw new Error('interrupted');
      },
      stop: async () => {
        stopped.push(name);
        end.resolve();
      },
    };
  });
  const jobs = [fixed('a/seed-1', 2), fixed('b/seed-1', 1)];
  await expect(run(jobs, () => workers.shift() as JobWorker)).rejects.toThrow('the thread is gone');
  expect(stopped.sort()).toEqual(['bad', 'good']);
  expect(keys()).toEqual(['a/seed-1 test t0 0']);
});

test('an interrupt is thrown as its reason, and no job begins after it', async () => {
  const interrupt = new AbortController();
  const began: string[] = [];
  const slow = (): JobWorker => {
    const end = Promise.withResolvers<void>();
    return {
      run: async ({ job }) => {
        began.push(job.name);
        interrupt.abort(new Error('Ctrl-C'));
        await end.promise;
      },
      stop: async () => end.resolve(),
    };
  };
  const jobs = [fixed('a/seed-1', 3), fixed('b/seed-1', 2), fixed('c/seed-1', 1)];
  await expect(run(jobs, slow, { signal: interrupt.signal })).rejects.toThrow('Ctrl-C');
  expect(began).toEqual(['a/seed-1']);
});

/** Plays batches, and none of the policy `a`. */
const batched = (): JobWorker => ({
  run: async ({ job, only = [] }, listen) => {
    if (job.policy === 'a') throw new PolicyUnusable('its endpoint is gone');
    for (const text of only) listen({ kind: 'episode', key: keyIn(text), line: lineOf(keyIn(text)) });
  },
  stop: async () => undefined,
});

test('a policy that can play no more is told once for each of its jobs, in however many batches; the others go on', async () => {
  const jobs = ['a', 'b'].map((name) => ({ ...fixed(`${name}/seed-1`, 3), policy: name }));
  const told: string[] = [];
  await conduct({
    folder,
    jobs,
    crew: { width: 2, batch: 1, startWorker: batched },
    keysOf: (job) => [0, 1, 2].map((task) => keyText(keyOf(job.name, 'test', task))),
    onProgress: () => undefined,
    onUnusable: ({ name }, why) => told.push(`${name}: ${why}`),
    signal: new AbortController().signal,
  });
  expect([told, keys().length]).toEqual([['a/seed-1: its endpoint is gone'], 3]);
});

const isSealed = () => existsSync(join(folder, 'chain.json'));

test('what is proved first keeps everything from being played where it fails, and last from being sealed; proved again it is', async () => {
  const jobs = [fixed('a/seed-1', 2)];
  const did: string[] = [];
  const asked: string[] = [];
  const failing = (at: string) => (when: string) => {
    asked.push(when);
    return when === at ? Promise.reject(new Error(`the canary failed ${when}`)) : Promise.resolve();
  };
  await expect(run(jobs, () => worker(did), { prove: failing('first') })).rejects.toThrow('the canary failed first');
  expect([asked.splice(0), did, isSealed()]).toEqual([['first'], [], false]);

  await expect(run(jobs, () => worker(did), { prove: failing('last') })).rejects.toThrow('the canary failed last');
  expect([asked.splice(0), did.length, isSealed()]).toEqual([['first', 'last'], 2, false]);

  await run(jobs, () => worker(did), { prove: failing('never') });
  expect([asked, did.length, isSealed()], 'nothing was owed but the proof').toEqual([['last'], 2, true]);
});
