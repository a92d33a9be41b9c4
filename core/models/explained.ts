import type { UsageError } from '../errors.ts';
import { EndpointFault } from './fault.ts';
import type { Chat, ChatMessage, Sampling } from './model-client.ts';
import { isAnswered, shortestMessages, shortestSampling } from './probe.ts';
import { verdictOn, type FaultContext } from './verdict.ts';

/** What a client knows of its endpoint when a request has failed. */
export interface AskedEndpoint extends Omit<FaultContext, 'hasTools' | 'hasMedia' | 'answers'> {
  /** One try, and no more. */
  readonly tryOnce: (messages: readonly ChatMessage[], sampling: Sampling, signal: AbortSignal) => Promise<unknown>;
  /** Says which models there are. */
  readonly unknownModel: (signal: AbortSignal) => Promise<UsageError>;
}

/** What to throw of a chat request that failed with `error`: as `verdictOn` says, where the endpoint has the model at all. */
export async function explained(
  error: unknown,
  { tryOnce, unknownModel, ...context }: AskedEndpoint,
  ...[messages, tools, sampling, signal]: Parameters<Chat>
): Promise<unknown> {
  if (signal.aborted) return error;
  if (isNoModel(error)) return unknownModel(signal);
  return verdictOn(error, {
    ...context,
    hasTools: tools.length > 0,
    hasMedia: messages.some(({ media = [] }) => media.length > 0),
    answers: () => isAnswered(() => tryOnce(shortestMessages, shortestSampling(sampling), signal), signal),
  });
}

const isNoModel = (error: unknown): boolean =>
  error instanceof EndpointFault && error.status === 404 && error.kind === 'other' && /model/i.test(error.message);
