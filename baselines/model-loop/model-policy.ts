import { openClient, threadsOfEnvironment, type ClientKind } from '../../core/models/open.ts';
import { seedOf } from '../../core/seeds.ts';
import type { PolicyDefinition } from '../policy-definition.ts';
import { samplingSettings, type SamplingSettings } from './sampling.ts';

/** Tells whether the model is there, before a run begins. */
const checkMilliseconds = 30_000;

/** The policy of a language model: its name in the record is the job's, with all that it asks of sampling. */
export const modelPolicy = (kind: ClientKind, usage: string): PolicyDefinition<SamplingSettings> => ({
  usage,
  waitsForModel: true,
  settings: samplingSettings,
  open: async ({ argument, settings, job, ceilings, counter }) => {
    const threads = kind === 'llama' ? threadsOfEnvironment() : undefined;
    const seed = seedOf('endpoint', job.seed);
    const client = await openClient({
      ...ceilings,
      kind,
      model: argument,
      seed,
      counter,
      ...(threads ? { threads } : {}),
    });
    await client.check(AbortSignal.timeout(checkMilliseconds));
    const { default: modelLoop } = await import('./model-loop.ts');
    return { ...modelLoop({ client, sampling: settings }), name: job.policy };
  },
});
