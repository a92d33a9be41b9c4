import type { Experiment } from '../../core/run-types.ts';
import { anchorJobs, armJobs, measuredOn, warmStartOfRecord, type Arm, type Evaluations } from '../shared/jobs.ts';

const evaluations: Evaluations = [
  { split: 'test', tasks: 60 },
  { split: 'wording', tasks: 30 },
  { split: 'held-out-server', tasks: 30 },
  { split: 'held-out-family', tasks: 30 },
];

const grpo = { algorithm: 'grpo' } as const;
/** A policy that knows nothing of tool use. */
const cold = { ...grpo, policy: 'pointer?priors=none' } as const;
/** The same after its demonstrations. */
const warm = { ...grpo, ...warmStartOfRecord } as const;

/**
 * Sensitivity and specificity of judges whose errors are planted: from nearly right to nearly a coin, and as measured of the
 * finetuned model of 270 million parameters (reports/reference/experiments/judges).
 */
const noise = ['0.9/0.9', '0.8/0.8', '0.6/0.6', '0.98/0.15'];

const unfitToo = { unfit: 'accept' } as const;

export const arms: readonly Arm[] = [
  { ...grpo, reward: 'sparse', rows: { rewards: 'sparse' } },
  { ...grpo, reward: 'state-share', rows: { rewards: 'state-share' } },
  { ...grpo, reward: 'rubric', rows: { rewards: 'rubric, code' } },
  { algorithm: 'step-grpo', reward: 'rubric', rows: { rewards: 'rubric, code, credit by step' } },
  { ...cold, reward: 'sparse', rows: { rewards: 'sparse, cold' } },
  { ...cold, reward: 'rubric', rows: { rewards: 'rubric, code, cold' } },
  { ...warm, reward: 'sparse', rows: { rewards: 'sparse, warm' } },
  { ...warm, reward: 'rubric', rows: { rewards: 'rubric, code, warm' } },
  { ...grpo, reward: 'rubric', judge: { name: 'embedded' }, rows: { rewards: 'rubric, embedded judge' } },
  {
    ...grpo,
    reward: 'rubric',
    judge: { name: 'embedded', rubric: 'generic', ...unfitToo },
    rows: { rewards: 'one score, embedded judge' },
  },
  ...noise.map((planted): Arm => {
    const judge = { name: `noisy:${planted}`, ...unfitToo };
    return { ...grpo, reward: 'rubric', judge, rows: { rewards: `rubric, noisy ${planted}` } };
  }),
];

/**
 * Sparse, generic and rubric rewards side by side, from a policy with generic knowledge of tool use, from one with none, and
 * from a half-good one; the rubric by code, by the embedded judge and by judges with planted errors. All of a seed's arms
 * learn on the same tasks.
 */
const rewards: Experiment = {
  name: 'rewards',
  summary:
    'sparse, state-share, one-score and rubric rewards, judges of known quality, cold, warm and as it is; ten seeds',
  defaults: { seeds: 10, episodes: 1536, view: 'tool' },
  isTuned: true,
  jobs: (options) => {
    const { view, splits } = options;
    const measured = measuredOn(evaluations, splits);
    return [...armJobs(arms, options, measured), ...anchorJobs(view, measured)];
  },
};
export default rewards;
