import { UsageError } from '../../core/errors.ts';
import type { Experiment } from '../../core/run-types.ts';
import { judgeKind } from '../../judges/judge-list.ts';
import { measuredOn, trainingJob, warmStartOfRecord, type Arm, type Evaluations } from '../shared/jobs.ts';

/** Few, for the judge is asked about each of them, too. */
const evaluations: Evaluations = [{ split: 'test', tasks: 30 }];

const warm = { algorithm: 'grpo', ...warmStartOfRecord } as const;

/**
 * A judge of the user's own in the loop, one that is too slow for the grid of `rewards`: a few hundred episodes from a
 * half-good policy, beside the same under the rubric by code and under the sparse reward. It is taken as it is, since what
 * an unfit judge does to a policy is the question.
 */
const languageJudge: Experiment = {
  name: 'language-judge',
  summary:
    'a judge of your own (--judge) as the reward of a half-good policy, beside code and the sparse reward; three seeds, for large effects alone',
  defaults: { seeds: 3, episodes: 192, view: 'tool' },
  takesJudge: true,
  jobs: ({ seeds, episodes, view, judge: name = '', rewards: names, splits }) => {
    if (name === '' || name === 'code') {
      throw new UsageError(
        'Name the judge that is to stand beside code, e.g. --judge ollama:qwen3:4b (docs/judges.md).',
      );
    }
    const judge = { name, unfit: 'accept' } as const;
    const arms: readonly Arm[] = [
      { ...warm, reward: 'sparse', rows: { rewards: 'sparse' } },
      { ...warm, reward: 'rubric', rows: { rewards: 'rubric, code' } },
      { ...warm, reward: 'rubric', judge, rows: { rewards: `rubric, ${judgeKind(name)} judge` } },
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
