import { endpointWishes } from '../../core/models/endpoint-settings.ts';
import { defaultTimeoutMilliseconds } from '../../core/models/connection.ts';
import { openClient, threadsOfEnvironment, type ClientKind } from '../../core/models/open.ts';
import { seedOf } from '../../core/seeds.ts';
import { decodedName, type KnownSettings } from '../../core/settings.ts';
import type { PolicyDefinition } from '../policy-definition.ts';
import { defaultSampling, modelSettings, servedSettings, type ModelSettings } from './sampling.ts';

/** Tells whether the model is there, before a run begins. */
const checkMilliseconds = 30_000;

/**
 * The policy of a language model behind an endpoint: its name in the record is the job's, with all that it asks of endpoint and
 * sampling. In the name of the model `%3F` stands for a question mark.
 */
export const servedPolicy = (kind: Exclude<ClientKind, 'llama'>, usage: string) =>
  modelPolicy(kind, usage, servedSettings, ({ argument, settings }) => ({
    model: decodedName(argument),
    wishes: endpointWishes(settings),
    takesMedia: settings.images,
  }));

/** The policy of a model's file in this process. */
export const filePolicy = (usage: string) =>
  modelPolicy('llama', usage, modelSettings, ({ argument }) => {
    const threads = threadsOfEnvironment();
    return { model: argument, ...(threads ? { threads } : {}) };
  });

type OwnOptions<Settings extends object> = (
  request: Parameters<PolicyDefinition<Settings>['open']>[0],
) => Pick<Parameters<typeof openClient>[0], 'model' | 'wishes' | 'threads'> & { readonly takesMedia?: boolean };

const modelPolicy = <Settings extends ModelSettings>(
  kind: ClientKind,
  usage: string,
  settings: KnownSettings<Settings>,
  ownOptions: OwnOptions<Settings>,
): PolicyDefinition<Settings> => ({
  usage,
  waitsForModel: true,
  settings,
  open: async (request) => {
    const { job, ceilings, counter, isPreflight = false } = request;
    const { temperature, topP, topK, minP, outputTokens, contextTokens, seed, parallel } = request.settings;
    const seedOfRetries = seedOf('endpoint', job.seed);
    const bounds = { ...ceilings, price: ceilings.prices?.[job.policy] };
    const { takesMedia = false, ...own } = ownOptions(request);
    const client = await openClient({ ...bounds, ...own, kind, counter, seed: seedOfRetries });
    await client.check(AbortSignal.timeout(checkMilliseconds));
    const sampling = { temperature, topP, topK, minP, outputTokens, contextTokens };
    if (isPreflight) {
      const longest = 2 * (ceilings.timeoutMilliseconds ?? defaultTimeoutMilliseconds);
      await client.preflight?.({ ...defaultSampling, ...sampling, seed: 0 }, AbortSignal.timeout(longest));
    }
    const { default: modelLoop } = await import('./model-loop.ts');
    return { ...modelLoop({ client, sampling, seed, isParallel: parallel, takesMedia }), name: job.policy };
  },
});
