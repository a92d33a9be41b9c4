import { UsageError } from '../core/errors.ts';
import type { EndpointCeilings } from '../core/models/open.ts';
import type { FunctionLimit } from '../core/models/openai-functions.ts';
import type { Job, Learner, Training } from '../core/run-types.ts';
import { ownPathIn } from '../core/own-module.ts';
import { noSettings, readNamedSettings } from '../core/settings.ts';
import type { TokenCounter } from '../core/tokens/counter.ts';
import type { Policy, Suite } from '../core/types.ts';
import { holdsToStart, learnerFile, makeLearner, readLearner } from './learner-list.ts';
import type { Trainable } from './learning/trainable.ts';
import { oracleOver } from './policies/oracle.ts';
import { ownPolicy } from './own-policy.ts';
import type { OpenedModel, PolicyDefinition, PolicyRequest } from './policy-definition.ts';
import { noSuchPolicy, policyDefinition, policyFile, policyNameIn } from './policy-list.ts';

/** What a job needs of baselines: a policy that does not learn, or a learner and the greedy reading of its weights. */
export interface JobPolicies {
  readonly evaluated: Policy;
  readonly learner: Learner | null;
  /** Learns the warm start, where there is one. */
  readonly cloner?: Learner;
}

/** How endpoints of models are met. */
export interface EndpointOptions {
  readonly ceilings?: EndpointCeilings | undefined;
  readonly isPreflight?: boolean;
  /** Whose tokens prompts have. Default: Qwen3's. */
  readonly counter?: TokenCounter | undefined;
}

/** Opens what a job names. Throws `UsageError` on what there is not. */
export async function policiesOf(job: Job, suite: Suite, endpoint: EndpointOptions = {}): Promise<JobPolicies> {
  const definition = await policyDefinition(job.policy);
  if (!job.training) {
    const request = requestOf(definition, job, suite, endpoint);
    const path = ownPathIn(job.policy);
    if (definition.usage.includes(':') && request.argument === '')
      throw path === undefined ? await noSuchPolicy(job.policy) : needsArgument(path, definition.usage);
    const opened = await definition.open(request);
    return { evaluated: path === undefined ? opened : ownPolicy(path, opened), learner: null };
  }
  if (!definition.begin)
    throw new UsageError(
      `Only the embedded policy can be trained: "${job.policy}" is not pointer or pointer?SETTINGS.`,
    );
  const request = requestOf(definition, job, suite, endpoint);
  const { argument } = request;
  if (argument !== '') throw new UsageError(`A training begins with a policy of its own: leave out ":${argument}".`);
  const { greedy, trainable } = await definition.begin(request);
  return { evaluated: greedy, ...(await learnersOf(job.training, trainable, suite)) };
}

const needsArgument = (path: string, usage: string): UsageError =>
  new UsageError(`The policy ${path} needs an argument, as in "${usage}": give it behind a colon, ${path}:ARGUMENT.`);

function requestOf(
  definition: PolicyDefinition,
  job: Job,
  suite: Suite,
  { ceilings = {}, isPreflight = false, counter }: EndpointOptions,
): PolicyRequest {
  return { ...partsOf(definition, job.policy), job, suite, ceilings, isPreflight, counter };
}

function partsOf(
  { usage, settings: known = noSettings }: PolicyDefinition,
  policy: string,
): Pick<PolicyRequest, 'argument' | 'settings'> {
  const { name, settings } = readNamedSettings(policy, known);
  const argument = name.slice(policyNameIn(name).length + 1);
  if (argument !== '' && !usage.includes(':'))
    throw new UsageError(`The policy "${usage}" takes no argument: leave out ":${argument}".`);
  return { argument, settings };
}

/** How many functions a request of a job's policy may have; undefined where there is no limit. */
export async function functionLimitOf({ policy }: Job): Promise<FunctionLimit | undefined> {
  const definition = await policyDefinition(policy);
  return definition.functionLimit?.(partsOf(definition, policy).settings);
}

/** Opens the model that a policy is. Throws `UsageError` where it is none, or is not there. */
export async function modelOf(
  policy: string,
  { ceilings = {}, isPreflight = true, counter }: EndpointOptions = {},
): Promise<OpenedModel> {
  const definition = await policyDefinition(policy);
  if (!definition.openModel)
    throw new UsageError(
      `The policy "${policy}" is no model that could be asked: give openai:MODEL, ollama:MODEL or llama:FILE.gguf.`,
    );
  const parts = partsOf(definition, policy);
  if (parts.argument === '') throw await noSuchPolicy(policy);
  return definition.openModel({ ...parts, policy, ceilings, isPreflight, counter, seed: 1 });
}

async function learnersOf(
  training: Training,
  trainable: Trainable,
  suite: Suite,
): Promise<Pick<JobPolicies, 'learner' | 'cloner'>> {
  const { algorithm, warmStart = 0, episodes, groupSize, groupsPerUpdate, families } = training;
  if (warmStart > 0 && holdsToStart(await readLearner(algorithm)))
    throw new UsageError(
      'The KL term of beta holds a policy to its untrained weights, which a warm start leaves at once. Leave out one of them.',
    );
  const groups = Math.ceil(episodes / groupSize / groupsPerUpdate) * groupsPerUpdate;
  // Told now, not once the work has begun.
  if (families) suite.tasks('train', 1, families);
  const teacher = oracleOver(() => suite.tasks('train', Math.max(groups, warmStart), families));
  const learner = await makeLearner(algorithm, trainable, teacher);
  if (warmStart === 0) return { learner };
  return { learner, cloner: await makeLearner(warmStartAlgorithm, trainable, teacher) };
}

const warmStartAlgorithm = 'behaviour-cloning';

/** Files of the policies and learners that a job opens: its own, and for a training those of the teacher and the warm start. */
export const policyFilesOf = ({ policy, training }: Job): readonly URL[] => [
  policyFile(policy),
  ...(training ? [learnerFile(training.algorithm), policyFile('oracle')] : []),
  ...(training?.warmStart ? [learnerFile(warmStartAlgorithm)] : []),
];

/** Opens what each job names, with a preflight of each policy where that is asked for. Throws `UsageError` on what there is not. */
export async function openEachPolicy(
  jobs: readonly Job[],
  suite: Suite,
  { isPreflight = false, ...endpoint }: EndpointOptions,
): Promise<void> {
  const asked = new Set<string>();
  for (const job of jobs) {
    await policiesOf(job, suite, { ...endpoint, isPreflight: isPreflight && !asked.has(job.policy) });
    asked.add(job.policy);
  }
}

/** The jobs whose policies ask no model. Throws `UsageError` on a policy that there is not, and on settings that it has not. */
export async function withoutModels(jobs: readonly Job[]): Promise<readonly Job[]> {
  const asksNone = await Promise.all(
    jobs.map(async ({ policy }) => {
      const definition = await policyDefinition(policy);
      partsOf(definition, policy);
      return definition.waitsForModel !== true;
    }),
  );
  return jobs.filter((_, index) => asksNone[index]);
}

/** Episodes to keep going at once where some of the jobs' policies wait for a model; undefined: the cores decide. */
export async function episodesAtOnce(jobs: readonly Job[]): Promise<number | undefined> {
  const definitions = await Promise.all(jobs.map(({ policy }) => policyDefinition(policy)));
  return definitions.some(({ waitsForModel }) => waitsForModel) ? 8 : undefined;
}
