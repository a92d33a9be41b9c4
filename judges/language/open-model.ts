import { basename } from 'node:path';
import { endpointWishes, type EndpointSettings } from '../../core/models/endpoint-settings.ts';
import type { ModelClient } from '../../core/models/model-client.ts';
import { openClient, type ClientKind } from '../../core/models/open.ts';
import { seedOf } from '../../core/seeds.ts';
import { decodedName } from '../../core/settings.ts';

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

/** A model that judges or writes rubrics. A local file's folder is no part of the name: its hash is the build. */
export async function openJudgeModel(kind: ClientKind, model: string, settings: ModelSettings): Promise<ModelClient> {
  const { seed, timeoutSeconds, threads, totalTokens, totalSeconds } = settings;
  const client = await openClient({
    kind,
    model: kind === 'llama' ? model : decodedName(model),
    seed: seedOf('judge endpoint', seed),
    wishes: endpointWishes(settings),
    timeoutMilliseconds: 1_000 * timeoutSeconds,
    ...(threads === 0 ? {} : { threads }),
    ...(totalTokens ? { totalTokens } : {}),
    ...(totalSeconds ? { totalSeconds } : {}),
  });
  return kind === 'llama' ? { ...client, name: `llama:${basename(model)}` } : client;
}
