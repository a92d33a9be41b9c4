import { EndpointRefusal, PolicyFailure, UsageError } from '../errors.ts';
import { EndpointFault } from './fault.ts';
import type { Chat, ChatMessage, ModelClient, Sampling } from './model-client.ts';

/** The shortest request that there is: one word, for one token. */
export const shortestMessages: readonly ChatMessage[] = [{ role: 'user', content: 'Hi' }];

export function shortestSampling(sampling: Sampling): Sampling {
  const { format: _format, likeliest: _likeliest, ...rest } = sampling;
  return { ...rest, outputTokens: 1 };
}

/** Whether an endpoint answers a request, be it that its filter refuses or that one token is too few for it. */
export async function isAnswered(request: () => Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof EndpointFault && ['output-bound', 'filter'].includes(error.kind);
  }
}

/** The preflight of a client: whatever goes wrong is the user's to set right. */
export const preflightBy =
  (chat: Chat): NonNullable<ModelClient['preflight']> =>
  async (sampling, signal) => {
    try {
      await chat(shortestMessages, [], { ...sampling, outputTokens: 1 }, signal);
    } catch (error) {
      if (error instanceof EndpointRefusal) return;
      if (error instanceof PolicyFailure) throw new UsageError(error.message, { cause: error });
      throw error;
    }
  };
