import type { JobTools } from '../../core/run/episode.ts';
import { runJob } from '../../core/run/job.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import type { Job } from '../../core/run-types.ts';
import { keyText, type EpisodeKey } from '../../core/trajectory.ts';
import type { Suite } from '../../core/types.ts';
import { serveJobs } from '../../core/run/worker.ts';
import { viewNamed } from '../../envs/views.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import type { JudgeMeans } from '../../judges/language/language-judge.ts';
import { score } from '../../judges/reward/rewards.ts';
import { suiteNamed } from '../../suites/tasks/suites.ts';
import { rewardJudgeOf } from './reward-judges.ts';

export interface JobThreadOptions {
  readonly suite: string;
  readonly lanes: number;
  readonly policiesOf: (job: Job, suite: Suite) => Promise<Pick<JobTools, 'evaluated' | 'learner' | 'cloner'>>;
  /** Where models' verdicts are kept by content. */
  readonly verdictFolder: string;
}

/** A worker thread: suite, worlds, policy, view and judge meet here. */
export async function serveSuiteJobs(options: JobThreadOptions): Promise<void> {
  const { suite: name, lanes, policiesOf, verdictFolder } = options;
  const suite = await suiteNamed(name);
  const pool = openWorldPool({ lanes });
  const means: JudgeMeans = { cacheFolder: verdictFolder, now: () => performance.now() };
  const told = new Set<string>();
  serveJobs(
    async ({ job, resume, done }, emit, signal) => {
      const openView = await viewNamed(job.view);
      const written = new Set(done);
      const judge = job.training?.judge && (await rewardJudgeOf(job.training.judge, suite, means));
      await runJob(job, {
        suite,
        pool,
        lanes,
        openView,
        limits: defaultLimits,
        score,
        judge: judge?.source ?? null,
        ...(judge?.costs ? { judgeCosts: judge.costs } : {}),
        ...(await policiesOf(job, suite)),
        resume,
        isDone: (key: EpisodeKey) => written.has(keyText(key)),
        emit: (message) => {
          if (message.kind === 'system' && told.has(message.hash)) return;
          if (message.kind === 'system') told.add(message.hash);
          emit(message);
        },
        clock: () => performance.now(),
        signal,
      });
    },
    () => pool.dispose(),
  );
}
