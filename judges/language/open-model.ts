import { basename } from 'node:path';
import { endpointWishes, type EndpointSettings } from '../../core/models/endpoint-settings.ts';
import type { ModelClient } from '../../core/models/model-client.ts';
import { openClient, type ClientKind } from '../../core/models/open.ts';
import { seedOf } from '../../core/seeds.ts';
import { decodedName } from '../../core/settings.ts';
import { wiredClient } from '../../core/wire/wired-client.ts';

/** What judges, and writers of rubrics, may say of the connection to their model. */
export interface ModelSettings extends EndpointSettings {
  readonly seed: number;
  /** Of one call. */
  readonly timeoutSeconds: number;
  /** CPU threads; 0: the engine decides. */
  readonly threads: number;
  /** Ceilings over the model's life; 0, or absent: none. */
  readonly totalTokens?: number;
  readonly totalSeconds?: number;
}

/**
 * A model that judges or writes rubrics, by the name KIND:MODEL and `suffix`. A local file's folder is no part of the name: its hash is the
 * build. Rejects with `UsageError` where the model is not there, unless a recording answers for it.
 */
export async function openJudgeModel(
  kind: ClientKind,
  model: string,
  settings: ModelSettings,
  suffix: string,
): Promise<ModelClient> {
  const { seed, timeoutSeconds, threads, totalTokens, totalSeconds } = settings;
  const named = kind === 'llama' ? model : decodedName(model);
  const name = `${kind}:${kind === 'llama' ? basename(model) : named}`;
  const open = async () => {
    const client = await openClient({
      kind,
      model: named,
      seed: seedOf('judge endpoint', seed),
      wishes: endpointWishes(settings),
      timeoutMilliseconds: 1_000 * timeoutSeconds,
      ...(threads === 0 ? {} : { threads }),
      ...(totalTokens ? { totalTokens } : {}),
      ...(totalSeconds ? { totalSeconds } : {}),
    });
    await client.check(AbortSignal.timeout(listingMilliseconds));
    return { ...client, name };
  };
  return wiredClient({ name, knownAs: name + suffix, open });
}

const listingMilliseconds = 60_000;
