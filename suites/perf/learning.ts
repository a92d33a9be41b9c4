import type { JobWorker } from '../../core/conduct.ts';
import type { JobMessage, Resume } from '../../core/episode.ts';
import { perSecond, type PerfGroup, type PerfTarget } from '../../core/perf.ts';
import type { Job } from '../../core/run-types.ts';
import { fixedJob, trainingJob } from '../jobs.ts';

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
  readonly startWorker: (suite: string, lanes: number) => JobWorker;
}

const threads = 2;

/** Training in two threads, sampling and updates and all, beside the oracle's episodes and those of the policy itself. */
export const trainingPerf = (options: TrainingPerfOptions): PerfGroup => ({
  name: options.name,
  open: async () => {
    const workers = Array.from({ length: threads }, () => options.startWorker(options.suite, options.lanes));
    const trained = await Promise.all(
      workers.map((worker, thread) => trainOn(worker, perfTraining(thread + 1, options.episodesBefore))),
    );
    const longer = (thread: number) => perfTraining(thread + 1, options.episodesBefore + options.episodesPerRound);
    const inAll = (work: (worker: JobWorker, thread: number) => Promise<unknown>) =>
      perSecond(() => Promise.all(workers.map(work)), threads * options.episodesPerRound);
    // Its training is over, so that only its evaluation is left.
    const acting = (thread: number): Job => ({
      ...perfTraining(thread + 1, options.episodesBefore),
      evaluations: [{ split: 'train', tasks: options.episodesPerRound }],
    });
    const training = {
      name: 'training',
      sample: () => inAll((worker, thread) => worker.run(longer(thread), trained[thread] as Resume, [], ignore)),
    };
    return {
      comparisons: [
        {
          what: options.what,
          unit: 'episodes/s',
          ours: training,
          yardstick: {
            name: 'oracle',
            sample: () =>
              inAll((worker, thread) => worker.run(oracleJob(thread, options.episodesPerRound), null, [], ignore)),
          },
          ...(options.target ? { target: options.target } : {}),
        },
        {
          what: `${options.what}, beside episodes alone`,
          unit: 'episodes/s',
          ours: training,
          yardstick: {
            name: 'the same policy, not learning',
            sample: () => inAll((worker, thread) => worker.run(acting(thread), trained[thread] as Resume, [], ignore)),
          },
          target: { of: 'ratio', atLeast: 0.8 },
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

const oracleJob = (thread: number, tasks: number): Job =>
  fixedJob('oracle', 'tool', {}, [{ split: 'train', tasks }], thread + 1);

async function trainOn(worker: JobWorker, job: Job): Promise<Resume> {
  let last: Resume | undefined;
  const keep = (message: JobMessage) => {
    if (message.kind === 'checkpoint') last = message;
  };
  await worker.run(job, null, [], keep);
  if (!last) throw new Error('training left no checkpoint');
  return last;
}
