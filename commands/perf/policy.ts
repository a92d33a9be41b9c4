import { policiesOf } from '../../baselines/open-policies.ts';
import { trainPhase } from '../../core/phase.ts';
import { episode, inParallel, type JobTools } from '../../core/run/episode.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import { train } from '../../core/run/train.ts';
import type { Job, Learner, LearningEpisode, LearningGroup } from '../../core/run-types.ts';
import type { Policy, PolicySession, Task } from '../../core/types.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { score } from '../../judges/reward/rewards.ts';
import suite from '../../suites/files-and-graph.ts';
import { trainingShape } from '../shared/jobs.ts';
import choicePerf from './choices.ts';
import { perfTraining } from './learning.ts';
import { clock, type PerfGroup } from './measure.ts';

const lanes = 2;
const { groupSize, groupsPerUpdate } = trainingShape;
const batch = groupSize * groupsPerUpdate;

/**
 * The embedded policy and its learner, after so many episodes of training, on the episodes of one update; `choices` compares
 * the network alone.
 */
export const policyPerf = (episodesBefore: number, choices = choicePerf): PerfGroup => ({
  name: 'policy',
  open: async () => {
    const pool = openWorldPool({ lanes });
    const job = perfTraining(1, episodesBefore);
    const { evaluated, learner } = await policiesOf(job, suite);
    if (!learner || !job.training) throw new Error('the pointer policy has a learner');
    const tools: JobTools = {
      suite,
      pool,
      lanes,
      openView: toolView,
      limits: defaultLimits,
      score,
      judge: null,
      evaluated,
      learner,
      resume: null,
      isDone: () => false,
      emit: () => undefined,
      clock,
      signal: new AbortController().signal,
    };
    await train(job, job.training, tools);
    const state = learner.save();
    const groups = (await actedBatch(job, learner, tools)).groups;
    const update = async () => {
      learner.restore(state);
      const started = clock();
      learner.update(groups, 0.5);
      return clock() - started;
    };
    return {
      comparisons: [
        choices(groups.flatMap(({ episodes }) => episodes.map(({ session }) => session))),
        {
          what: 'policy forward, one episode',
          unit: 'ms',
          ours: {
            name: `mean of ${batch} episodes`,
            sample: async () => (await actedBatch(job, learner, tools)).milliseconds / batch,
          },
        },
        { what: `learner step, ${batch} episodes`, unit: 'ms', ours: { name: learner.name, sample: update } },
      ],
      close: () => pool.dispose(),
    };
  },
});

/** The episodes of one update, and the time that the policy took in them. */
async function actedBatch(job: Job, { policy, version }: Learner, tools: JobTools) {
  let milliseconds = 0;
  const timed: Policy = {
    name: policy.name,
    start: (start) => {
      const session = policy.start(start);
      const act: PolicySession['act'] = (observation) => {
        const started = clock();
        try {
          return session.act(observation);
        } finally {
          milliseconds += clock() - started;
        }
      };
      return { ...session, act };
    },
  };
  const rolled = async (task: Task): Promise<LearningGroup> => {
    const episodes: LearningEpisode[] = [];
    await inParallel(Array.from({ length: groupSize }), lanes, async (_, member) => {
      const key = { job: job.name, phase: trainPhase, task: task.id, repetition: member };
      const { trajectory, session } = await episode(job, task, key, timed, version(), tools);
      episodes[member] = { session, reward: score(task, trajectory).rewards.rubric };
    });
    return { task: task.id, episodes };
  };
  const groups: LearningGroup[] = [];
  for (const task of suite.tasks('validation', groupsPerUpdate)) groups.push(await rolled(task));
  return { groups, milliseconds };
}
