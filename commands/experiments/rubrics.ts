import type { Experiment } from '../../core/run-types.ts';
import { armJobs, fixedJob, measuredOn, type Arm, type Evaluations, type JudgeChoice } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'wording', tasks: 30 },
  { split: 'held-out-word', tasks: 30 },
  { split: 'held-out-frame', tasks: 30 },
  { split: 'held-out-server', tasks: 30 },
  { split: 'held-out-family', tasks: 30 },
];

const grpo = { algorithm: 'grpo' } as const;
const byJudge = (judge: JudgeChoice, rewards: string): Arm => ({ ...grpo, reward: 'rubric', judge, rows: { rewards } });

/** Judges of one quality for three rubrics: each turns the sign of .22 of the advantages (reports/reference/experiments/matched-noise). */
const matched = [
  byJudge({ name: 'noisy:0.8/0.8', unfit: 'accept' }, 'plan rubric, noisy judge'),
  byJudge({ name: 'noisy:0.742/0.742', rubric: 'end-state', unfit: 'accept' }, 'end-state rubric, noisy judge'),
  byJudge({ name: 'noisy:3.584points', rubric: 'generic', unfit: 'accept' }, 'one score, noisy judge'),
];

export const arms: readonly Arm[] = [
  { ...grpo, reward: 'sparse', rows: { rewards: 'sparse' } },
  { ...grpo, reward: 'rubric', rows: { rewards: 'plan rubric' } },
  { ...grpo, algorithm: 'grpo?normalise=component', reward: 'rubric', rows: { rewards: 'plan rubric, by criterion' } },
  byJudge({ name: 'code', rubric: 'end-state' }, 'end-state rubric'),
  byJudge({ name: 'code', rubric: 'generic' }, 'one score'),
  ...matched,
];

/**
 * What a rubric is made of: the reference plan in words, goal and start alone, or one score for the whole; by code without errors,
 * and by judges who err equally often for each. All of a seed's arms learn on the same tasks.
 */
const rubrics: Experiment = {
  name: 'rubrics',
  summary:
    'rubrics made of the plan, of the end state or of one score, by code and by judges of equal quality; ten seeds',
  defaults: { seeds: 10, episodes: 1536, view: 'tool' },
  isTuned: true,
  jobs: (options) => {
    const { view, splits } = options;
    const measured = measuredOn(evaluations, splits);
    return [
      ...armJobs(arms, options, measured),
      fixedJob('pointer:untrained', view, { algorithms: 'untrained' }, measured),
    ];
  },
};
export default rubrics;
