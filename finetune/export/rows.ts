import { UsageError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Trainer } from './kinds.ts';
import type { Sample } from './samples.ts';

/** A sample as a trainer's own sampler would have handed it over, with what else is known of it beside. */
export function groupRow(trainer: Trainer, sample: Sample, group: string, advantage: number): JsonObject {
  const { episode, task, reward, policyVersion, temperature } = sample;
  const about = { episode, group, task, reward, advantage, policy_version: policyVersion, temperature };
  return { ...about, ...forms[trainer](sample, group, advantage) };
}

const forms: Readonly<Record<Trainer, (sample: Sample, group: string, advantage: number) => JsonObject>> = {
  /** What a `rollout_func` of its GRPO returns for one prompt (version 1.16). */
  trl: ({ prompt, completion, mask, ...sample }) => ({
    prompt_ids: prompt,
    completion_ids: completion,
    logprobs: maskedZeros(sample),
    env_mask: mask,
  }),
  /** Fields of its `AgentLoopOutput`; `uid` is what it groups by. */
  verl: ({ prompt, completion, mask, captures, reward, ...sample }, group) => ({
    prompt_ids: prompt,
    response_ids: completion,
    response_mask: mask,
    response_logprobs: maskedZeros(sample),
    reward_score: reward,
    num_turns: 2 * captures.length,
    extra_fields: { uid: group },
  }),
  /** Fields of its `TrainingSample`. */
  'prime-rl': ({ prompt, completion, mask, ...sample }) => ({
    prompt_ids: prompt,
    prompt_mask: prompt.map(() => false),
    completion_ids: completion,
    completion_mask: mask.map((one) => one === 1),
    completion_logprobs: maskedZeros(sample),
  }),
  /** A `Datum` for `importance_sampling`, `ppo` or `cispo`. */
  tinker: (sample, _group, advantage) => {
    if (sample.temperature !== 1) {
      throw new UsageError(
        `${sample.episode} was drawn at temperature ${sample.temperature}, which the losses of Tinker cannot be told. ` +
          'Sample at temperature 1.',
      );
    }
    const { prompt, completion, mask } = sample;
    const shifted = nextTokens(prompt, completion);
    return {
      model_input: shifted.model_input,
      loss_fn_inputs: {
        target_tokens: shifted.target_tokens,
        logprobs: tensor('float32', alignedWithTargets(prompt, maskedZeros(sample))),
        advantages: tensor(
          'float32',
          alignedWithTargets(
            prompt,
            mask.map((one) => (one === 1 ? advantage : 0)),
          ),
        ),
      },
    };
  },
};

/** A `Datum` for `cross_entropy`: weight 1 on what was drawn. */
export function tinkerImitation(sample: Sample): JsonObject {
  const { episode, task, reward, verified, properFinish, prompt, completion, mask } = sample;
  const shifted = nextTokens(prompt, completion);
  return {
    episode,
    task,
    reward,
    verified,
    properFinish,
    model_input: shifted.model_input,
    loss_fn_inputs: {
      target_tokens: shifted.target_tokens,
      weights: tensor('float32', alignedWithTargets(prompt, mask)),
    },
  };
}

/** Ids that a trainer masks have no log-probability, and trainers want a number there. */
const maskedZeros = ({ logProbabilities }: Pick<Sample, 'logProbabilities'>): number[] =>
  logProbabilities.map((value) => value ?? 0);

/** The sequence but for its last id, and the id that follows each. */
function nextTokens(prompt: readonly number[], completion: readonly number[]) {
  const whole = [...prompt, ...completion];
  return {
    model_input: { chunks: [{ type: 'encoded_text', tokens: whole.slice(0, -1) }] },
    target_tokens: tensor('int64', whole.slice(1)),
  };
}

/** Values of completion ids at the places where these are targets: one place earlier, zeros for targets of the prompt. */
const alignedWithTargets = (prompt: readonly number[], values: readonly number[]): number[] => [
  ...prompt.slice(1).map(() => 0),
  ...values,
];

const tensor = (dtype: 'int64' | 'float32', data: readonly number[]): JsonObject => ({
  data,
  dtype,
  shape: [data.length],
});
