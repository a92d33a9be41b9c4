import type { Observation } from '../types.ts';
import type { TokenCounter } from './counter.ts';

const mark = (cutTokens: number): string => `\n[… ${cutTokens} tokens cut …]`;

/**
 * An observation with so much of its text, and a mark that tells what is missing, that `sizeOf` it is at most `limit`.
 * `whole`: its size uncut.
 */
export async function cutObservation(
  observation: Observation,
  {
    whole,
    limit,
    sizeOf,
  }: { readonly whole: number; readonly limit: number; readonly sizeOf: (text: string) => number },
  counter: TokenCounter,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const textTokens = await counter.countInSlices(observation.text, signal);
  let room = limit - sizeOf(mark(whole));
  for (;;) {
    const { text, cutTokens } = counter.cut(observation.text, Math.max(0, room), textTokens);
    const marked = text + mark(cutTokens);
    const excess = sizeOf(marked) - limit;
    // With no room even for the mark the prompt exceeds the context, and the episode ends there.
    if (excess <= 0 || text === '') return { ...observation, text: marked, cutTokens };
    room -= excess;
  }
}
