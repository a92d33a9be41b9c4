import type { Experiment } from '../../core/run-types.ts';
import { measuredOn, trainingJob, type Arm, type Evaluations } from '../jobs.ts';

/** Few, for the judge is asked about each of them, too. */
const evaluations: Evaluations = [{ split: 'test', tasks: 30 }];

/** A policy that knew nothing of tool use before so many demonstrations, and now solves about half of `basic`. */
const warm = { algorithm: 'grpo', policy: 'pointer?priors=none', warmStart: 256 } as const;

/**
 * A judge of the user's own in the loop, one that is too slow for the grid of `rewards`: a few hundred episodes from a
 * half-good policy, beside the same under the rubric by code and under the sparse reward. It is taken as it is, since what
 * an unfit judge does to a policy is the question.
 */
const languageJudge: Experiment = {
  name: 'language-judge',
  summary:
    'the judge named by --judge as the reward of a half-good policy, beside code and the sparse reward; three seeds',
  defaults: { seeds: 3, episodes: 192, view: 'tool', judge: 'embedded' },
  takesJudge: true,
  jobs: ({ seeds, episodes, view, judge: name = 'embedded', rewards: names, splits }) => {
    const judge = { name, unfit: 'accept' } as const;
    const kind = name.split(':')[0] ?? name;
    const arms: readonly Arm[] = [
      { ...warm, reward: 'sparse', rows: { rewards: 'sparse' } },
      { ...warm, reward: 'rubric', rows: { rewards: 'rubric, code' } },
      { ...warm, reward: 'rubric', judge, rows: { rewards: `rubric, ${kind} judge` } },
    ];
    const measured = measuredOn(evaluations, splits);
    return Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
      arms
        .filter(({ reward }) => names?.includes(reward) ?? true)
        .map((arm) => trainingJob({ ...arm, view, seed, episodes, evaluations: measured })),
    );
  },
};
export default languageJudge;
