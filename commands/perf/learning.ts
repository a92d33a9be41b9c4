import { phaseParts, trainPhase } from '../../core/phase.ts';
import type { JobMessage, Resume } from '../../core/run/episode.ts';
import type { JobRequest, JobWorker } from '../../core/run/job-worker.ts';
import { startJobWorker } from '../../core/run/worker.ts';
import type { Job, Timing } from '../../core/run-types.ts';
import { fixedJob, trainingJob } from '../shared/jobs.ts';
import { entry } from '../shared/places.ts';
import type { WorkerSettings } from '../shared/worker.ts';
import { perSecond, type PerfGroup, type PerfTarget } from './measure.ts';

export interface TrainingPerfOptions {
  readonly name: string;
  readonly suite: string;
  readonly what: string;
  /** Worlds of each of the two threads. */
  readonly lanes: number;
  /** Trained before the first round, so that episodes are those of a policy that acts. */
  readonly episodesBefore: number;
  /** Of each thread. */
  readonly episodesPerRound: number;
  readonly target?: PerfTarget;
}

const threads = 2;

/** Training in two threads, sampling and updates and all, beside the oracle's episodes, and what of its time updates take. */
export const trainingPerf = (options: TrainingPerfOptions): PerfGroup => ({
  name: options.name,
  open: async () => {
    const { suite, lanes } = options;
    const workers = Array.from({ length: threads }, () =>
      startJobWorker(entry, { suite, lanes } satisfies WorkerSettings),
    );
    const trained = await Promise.all(
      workers.map((worker, thread) => trainOn(worker, perfTraining(thread + 1, options.episodesBefore))),
    );
    const longer = (thread: number): JobRequest => ({
      job: perfTraining(thread + 1, options.episodesBefore + options.episodesPerRound),
      resume: trained[thread] as Resume,
      done: [],
    });
    const inAll = (work: (worker: JobWorker, thread: number) => Promise<unknown>) =>
      perSecond(() => Promise.all(workers.map(work)), threads * options.episodesPerRound);
    return {
      comparisons: [
        {
          what: options.what,
          unit: 'episodes/s',
          ours: {
            name: 'training',
            sample: () => inAll((worker, thread) => worker.run(longer(thread), ignore)),
          },
          yardstick: {
            name: 'oracle',
            sample: () => inAll((worker, thread) => worker.run(oracleJob(thread, options.episodesPerRound), ignore)),
          },
          ...(options.target ? { target: options.target } : {}),
        },
        {
          what: `${options.what}: share of the time that is left to episodes`,
          unit: '',
          ours: {
            name: 'training less its updates',
            sample: async () => {
              const timings: Timing[] = [];
              const note = (message: JobMessage) => {
                if (message.kind === 'timing') timings.push(message.timing);
              };
              await inAll((worker, thread) => worker.run(longer(thread), note));
              const seconds = (phase: string) =>
                timings
                  .filter((timing) => phaseParts(timing.phase).name === phase)
                  .reduce((sum, timing) => sum + timing.seconds, 0);
              return 1 - seconds('update') / seconds(trainPhase);
            },
          },
          target: { of: 'ours', atLeast: 0.8 },
        },
      ],
      close: async () => {
        await Promise.all(workers.map((worker) => worker.stop()));
      },
    };
  },
});

const ignore = () => undefined;

/** The bench's own kind of training, without its learning curve. */
export function perfTraining(seed: number, episodes: number): Job {
  const job = trainingJob({
    algorithm: 'grpo',
    reward: 'rubric',
    view: 'tool',
    seed,
    episodes,
    rows: {},
    evaluations: [],
  });
  return { ...job, training: job.training && { ...job.training, evaluateEvery: episodes, validationTasks: 0 } };
}

const oracleJob = (thread: number, tasks: number): JobRequest => ({
  job: fixedJob('oracle', 'tool', {}, [{ split: 'train', tasks }], thread + 1),
  resume: null,
  done: [],
});

async function trainOn(worker: JobWorker, job: Job): Promise<Resume> {
  let last: Resume | undefined;
  const keep = (message: JobMessage) => {
    if (message.kind === 'checkpoint') last = message;
  };
  await worker.run({ job, resume: null, done: [] }, keep);
  if (!last) throw new Error('training left no checkpoint');
  return last;
}
