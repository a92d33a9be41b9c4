import { endpointWishes } from '../../core/models/endpoint-settings.ts';
import { defaultTimeoutMilliseconds } from '../../core/models/connection.ts';
import { openClient, threadsOfEnvironment, type ClientKind } from '../../core/models/open.ts';
import { UsageError } from '../../core/errors.ts';
import { seedOf } from '../../core/seeds.ts';
import { decodedName, nameIn, type KnownSettings } from '../../core/settings.ts';
import { wiredClient } from '../../core/wire/wired-client.ts';
import type { ModelRequest, OpenedModel, PolicyDefinition } from '../policy-definition.ts';
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
    wishes: {
      ...endpointWishes(settings),
      ...(settings.tools === 'deferred' ? { functionSearch: settings['tool-search'] } : {}),
    },
    takesMedia: settings.images,
  }));

/** The policy of a model's file in this process. */
export const filePolicy = (usage: string) =>
  modelPolicy('llama', usage, modelSettings, ({ argument }) => {
    const threads = threadsOfEnvironment();
    return { model: argument, ...(threads ? { threads } : {}) };
  });

type OwnOptions<Settings extends object> = (
  request: ModelRequest<Settings>,
) => Pick<Parameters<typeof openClient>[0], 'model' | 'wishes' | 'threads'> & { readonly takesMedia?: boolean };

function modelPolicy<Settings extends ModelSettings>(
  kind: ClientKind,
  usage: string,
  settings: KnownSettings<Settings>,
  ownOptions: OwnOptions<Settings>,
): PolicyDefinition<Settings> {
  const openModel = async (request: ModelRequest<Settings>): Promise<OpenedModel> => {
    const { policy, ceilings, counter, isPreflight = false, seed } = request;
    const { temperature, topP, topK, minP, outputTokens, contextTokens } = request.settings;
    const bounds = { ...ceilings, price: ceilings.prices?.[policy] };
    const seedOfRetries = seedOf('endpoint', seed);
    const { takesMedia = false, ...own } = ownOptions(request);
    const sampling = { temperature, topP, topK, minP, outputTokens, contextTokens };
    const open = async () => {
      const opened = await openClient({ ...bounds, ...own, kind, counter, seed: seedOfRetries });
      await opened.check(AbortSignal.timeout(checkMilliseconds));
      if (isPreflight) {
        const longest = 2 * (ceilings.timeoutMilliseconds ?? defaultTimeoutMilliseconds);
        await opened.preflight?.({ ...defaultSampling, ...sampling, seed: 0 }, AbortSignal.timeout(longest));
      }
      return opened;
    };
    const client = await wiredClient({ name: policy, knownAs: policy, open });
    return { client, sampling, takesMedia };
  };
  return {
    usage,
    waitsForModel: true,
    settings,
    openModel,
    open: async (request) => {
      const { job, settings: chosen } = request;
      const asked = { ...request, policy: job.policy, seed: job.seed };
      const defersTools = ownOptions(asked).wishes?.functionSearch !== undefined;
      if (defersTools && nameIn(job.view) !== 'native')
        throw new UsageError(
          `tools=deferred defers the functions of tools, and the view ${job.view} has none. Play ${job.policy} in the view native (--view native).`,
        );
      const opened = await openModel(asked);
      const { default: modelLoop } = await import('./model-loop.ts');
      return {
        ...modelLoop({ ...opened, seed: chosen.seed, isParallel: chosen.parallel, defersTools }),
        name: job.policy,
      };
    },
  };
}
