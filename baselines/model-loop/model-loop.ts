import { PolicyFailure } from '../../core/errors.ts';
import {
  NoNativeTools,
  UnparsedCall,
  type ChatReply,
  type ModelClient,
  type Sampling,
} from '../../core/models/model-client.ts';
import { seedOf } from '../../core/seeds.ts';
import type { Policy } from '../../core/types.ts';
import { messagesOf, type Exchange } from './exchange.ts';
import { readReply, unparsedByServer, type ReadReply } from './read-reply.ts';
import { defaultSampling } from './sampling.ts';

export interface ModelLoopOptions {
  readonly client: ModelClient;
  readonly sampling?: Partial<Omit<Sampling, 'seed'>>;
  /** Carry out all calls of a reply, in their order, or the first alone. Default: all. */
  readonly isParallel?: boolean;
}

/**
 * Differs from the paper: evaluation is greedy, and calls are single ones (ATLAS lets a program make many).
 *
 * A language model as policy: system prompt, task, then one reply and its observations per turn. Tools go natively; a
 * server that says its model has none gets them in the prompt from then on. All calls of a reply are carried out in their
 * order; the recorded text holds the whole reply.
 */
export default function modelLoop(options: ModelLoopOptions): Policy {
  const { client, isParallel = true } = options;
  let takesTools = true;
  const start: Policy['start'] = (episode) => {
    const exchanges: Exchange[] = [];
    const chat = client.converse?.() ?? client.chat;
    const functions = episode.metaTools.map(({ name }) => name);
    const ask = async (): Promise<ChatReply> => {
      const seed = seedOf('sampling', episode.seed, exchanges.length) >>> 1;
      const sampling = { ...defaultSampling, ...options.sampling, seed };
      if (takesTools) {
        try {
          return await chat(messagesOf(episode, exchanges, true), episode.metaTools, sampling, episode.signal);
        } catch (error) {
          if (!(error instanceof NoNativeTools)) throw error;
          takesTools = false;
        }
      }
      return chat(messagesOf(episode, exchanges, false), [], sampling, episode.signal);
    };
    const answer = async (): Promise<ReadReply> => {
      const reading = { functions, isParallel };
      try {
        const reply = await ask();
        refuseUnbounded(reply, options.sampling?.outputTokens ?? defaultSampling.outputTokens, client.name);
        return readReply(reply, reading);
      } catch (error) {
        if (error instanceof UnparsedCall) return unparsedByServer(error.message, reading);
        throw error;
      }
    };
    return {
      act: async (observations) => {
        const last = exchanges.at(-1);
        if (last) last.observations = observations.map(({ text }) => text);
        const { exchange, decision } = await answer();
        exchanges.push(exchange);
        return decision;
      },
    };
  };
  return { name: client.name, start };
}

/** The longest Qwen3 token has 128 characters; a longer reply means that the server ignored the bound. */
const longestTokenCharacters = 128;

function refuseUnbounded(reply: ChatReply, outputTokens: number, name: string): void {
  const characters =
    reply.text.length + reply.reasoning.length + reply.calls.reduce((sum, call) => sum + call.source.length, 0);
  if (characters <= longestTokenCharacters * outputTokens) return;
  throw new PolicyFailure(
    `${name} replied with ${characters} characters although ${outputTokens} tokens were its bound.`,
  );
}
