import { resolve } from 'node:path';
import { readCheckpoint } from '../core/record/checkpoint.ts';
import { UsageError } from '../core/errors.ts';
import { moduleEnding } from '../core/list.ts';
import { entropyBonuses } from './learning/entropy-control.ts';
import { lossAggregations } from './learning/loss-aggregation.ts';
import { readSettings, type Setting } from '../core/settings.ts';
import type { ModelClient } from '../core/models/model-client.ts';
import llamaClient from '../core/models/llama.ts';
import ollamaClient from '../core/models/ollama.ts';
import openAiClient from '../core/models/openai.ts';
import type { Job, Learner } from '../core/run-types.ts';
import { seedOf } from '../core/seeds.ts';
import type { Trainable } from './learning/trainable.ts';
import type { Policy, Suite, Task } from '../core/types.ts';
import modelLoop from './model-loop/model-loop.ts';
import noOp from './policies/no-op.ts';
import oracle from './policies/oracle.ts';
import { policyNames } from './policy-names.ts';
import makePointer from './pointer/pointer.ts';
import { networkDefaults, type NetworkSettings } from './pointer/network.ts';
import random from './policies/random.ts';
import retrieval from './policies/retrieval.ts';

const folder = new URL('./learners/', import.meta.url);
/** Learners: what a training's `algorithm` may be. */
export const algorithmNames: readonly string[] = [
  'a2c',
  'behaviour-cloning',
  'best-of-n',
  'dapo',
  'dpo',
  'dr-grpo',
  'grpo',
  'gspo',
  'ppo',
  'reinforce',
  'rloo',
  'step-grpo',
];

/** A learner's file: its maker, and its settings with their defaults. */
export interface LearnerModule {
  readonly default: (trainable: Trainable, settings: Readonly<Record<string, Setting>>, teacher: Policy) => Learner;
  readonly defaults: Readonly<Record<string, Setting>>;
}

/** What settings that are words may be. */
const words = {
  scale: ['group', 'noise-aware', 'batch', 'none'],
  lossAggregation: lossAggregations,
  importanceSampling: ['token', 'sequence'],
  entropyBonus: entropyBonuses,
};

/**
 * A learner by name and settings, e.g. `grpo?scale=none&clipHigh=0.28`. Throws `UsageError` on those that there are not.
 */
export async function makeLearner(algorithm: string, trainable: Trainable, teacher: Policy): Promise<Learner> {
  const [name = '', settings = ''] = algorithm.split('?');
  const learner = (await import(new URL(`${name}${moduleEnding}`, folder).href)) as LearnerModule;
  return learner.default(trainable, readSettings(settings, learner.defaults, words), teacher);
}

/** What a user allows a model endpoint to cost. */
export interface EndpointCeilings {
  readonly requestsPerMinute?: number;
  /** Prompt and output tokens of the whole run. */
  readonly totalTokens?: number;
}

/** What a job needs of baselines: a policy that does not learn, or a learner and the greedy reading of its weights. */
export async function policiesOf(
  job: Job,
  suite: Suite,
  ceilings: EndpointCeilings = {},
): Promise<{ evaluated: Policy; learner: Learner | null; cloner?: Learner }> {
  const [name, argument] = nameAndArgument(job.policy);
  const [kind = '', settings = ''] = name.split('?');
  if (kind !== 'pointer' && job.training)
    throw new UsageError(
      `Only the embedded policy can be trained: "${job.policy}" is not pointer or pointer?SETTINGS.`,
    );
  if (kind !== 'pointer') return { evaluated: await fixedPolicy(job, name, argument, suite, ceilings), learner: null };
  if (job.training) {
    if (argument !== '') throw new UsageError(`A training begins with a policy of its own: leave out ":${argument}".`);
    const pointer = makePointer(seedOf('pointer', job.seed), pointerSettings(settings));
    const { algorithm, warmStart = 0, episodes, groupSize, groupsPerUpdate, families } = job.training;
    const [learnerName, learnerSettings] = algorithm.split('?');
    if (warmStart > 0 && learnerName !== 'dpo' && Number(new URLSearchParams(learnerSettings).get('beta')) > 0)
      throw new UsageError(
        'The KL term of beta holds a policy to its untrained weights, which a warm start leaves at once. Leave out one of them.',
      );
    const groups = Math.ceil(episodes / groupSize / groupsPerUpdate) * groupsPerUpdate;
    // Told now, not once the work has begun.
    if (families) suite.tasks('train', 1, families);
    const teacher = oracleOf(() => suite.tasks('train', Math.max(groups, warmStart), families));
    const learner = await makeLearner(algorithm, pointer.trainable, teacher);
    const cloner = warmStart > 0 ? await makeLearner('behaviour-cloning', pointer.trainable, teacher) : undefined;
    return { evaluated: pointer.greedy, learner, ...(cloner ? { cloner } : {}) };
  }
  const { policy, state } = readCheckpoint(resolve(argument));
  const pointer = makePointer(seedOf('pointer', job.seed), pointerSettings(policy.split('?')[1] ?? ''));
  pointer.load(state);
  return { evaluated: pointer.greedy, learner: null };
}

/** What a training may take away from the embedded policy, e.g. `pointer?priors=none`. */
const pointerSettings = (text: string): NetworkSettings => ({
  ...networkDefaults,
  ...readSettings(text, { ...networkDefaults }, { priors: ['generic', 'none'] }),
});

async function fixedPolicy(
  job: Job,
  name: string,
  argument: string,
  suite: Suite,
  ceilings: EndpointCeilings,
): Promise<Policy> {
  if (name === 'no-op') return noOp();
  if (name === 'random') return random();
  if (name === 'retrieval') return retrieval();
  if (name === 'oracle') return oracleOf(() => job.evaluations.flatMap((one) => suite.tasks(one.split, one.tasks)));
  const { model, sampling } = modelAndSampling(argument);
  const client = modelClient(name, model, { seed: seedOf('endpoint', job.seed), ...ceilings });
  await client.check(AbortSignal.timeout(30_000));
  const policy = modelLoop({ client, sampling });
  return { ...policy, name: `${name}:${argument}` };
}

/** The oracle over tasks that are made when they are first needed. */
function oracleOf(tasks: () => readonly Task[]): Policy {
  let solutions: ReadonlyMap<string, Task> | undefined;
  return oracle((taskId) => {
    solutions ??= new Map(tasks().map((task) => [task.id, task]));
    return solutions.get(taskId) ?? { plan: [], answer: '' };
  });
}

/** What a name may ask of sampling, e.g. `llama:FILE.gguf?temperature=1&outputTokens=128`; the record then says it too. */
function modelAndSampling(argument: string) {
  const mark = argument.lastIndexOf('?');
  if (mark < 0) return { model: argument, sampling: {} };
  const asked = [...new URLSearchParams(argument.slice(mark + 1))].map(
    ([key, text]) => [key, text, Number(text)] as const,
  );
  const wrong = asked.find(([key, text, value]) => !samplingKeys.has(key) || text === '' || !(value >= 0));
  if (wrong) {
    throw new UsageError(
      `The policy's "${wrong[0]}=${wrong[1]}" is none of its settings. Give numbers from 0 for ${[...samplingKeys].join(', ')}.`,
    );
  }
  return { model: argument.slice(0, mark), sampling: Object.fromEntries(asked.map(([key, , value]) => [key, value])) };
}

const samplingKeys = new Set(['temperature', 'topP', 'topK', 'minP', 'outputTokens', 'contextTokens']);

function modelClient(name: string, model: string, manners: EndpointCeilings & { seed: number }): ModelClient {
  if (name === 'ollama' && model !== '') {
    const host = process.env['OLLAMA_HOST'];
    return ollamaClient({ model, ...manners, ...(host ? { host } : {}) });
  }
  if (name === 'openai' && model !== '') return openAiClient({ model, ...manners });
  if (name === 'llama' && model !== '') return llamaClient({ path: model, ...threadsAsked(), ...totalOf(manners) });
  throw new UsageError(`There is no policy "${name}". Known: ${policyNames}.`);
}

/** Episodes to keep going at once where some of the jobs' policies wait for a model; otherwise the cores decide. */
export const patience = (jobs: readonly Job[]): number | undefined =>
  jobs.some(({ policy }) => /^(ollama|openai|llama):/.test(policy)) ? 8 : undefined;

/** The rate ceiling is left out: nobody else waits for this machine's processor. */
const totalOf = ({ totalTokens }: EndpointCeilings): Pick<EndpointCeilings, 'totalTokens'> =>
  totalTokens === undefined ? {} : { totalTokens };

/** By the variable of llama.cpp's own programs. */
function threadsAsked(): { readonly threads?: number } {
  const asked = process.env['LLAMA_ARG_THREADS'];
  if (!asked) return {};
  if (!/^[1-9]\d{0,3}$/.test(asked)) {
    throw new UsageError(`LLAMA_ARG_THREADS is "${asked}". Set it to a number of threads, or leave it out.`);
  }
  return { threads: Number(asked) };
}

/** `ollama:qwen3:4b` → `ollama` and `qwen3:4b`. */
function nameAndArgument(policy: string): readonly [name: string, argument: string] {
  const colon = policy.indexOf(':');
  return colon < 0 ? [policy, ''] : [policy.slice(0, colon), policy.slice(colon + 1)];
}
