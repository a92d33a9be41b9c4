import { UsageError } from '../../core/errors.ts';
import {
  NoNativeTools,
  UnparsedCall,
  type ChatReply,
  type ModelClient,
  type Sampling,
} from '../../core/models/model-client.ts';
import { seedOf } from '../../core/seeds.ts';
import type { Policy } from '../../core/types.ts';
import { messagesOf, shownOf, type Exchange } from './exchange.ts';
import { readReply, unparsedByServer, type ReadReply } from './read-reply.ts';
import { defaultSampling } from './sampling.ts';

export interface ModelLoopOptions {
  readonly client: ModelClient;
  readonly sampling?: Partial<Omit<Sampling, 'seed' | 'isParallel'>>;
  /** Another one draws otherwise; 0, the default, draws by the seed of the episode alone. */
  readonly seed?: number;
  /** Carry out all calls of a reply, in their order, or the first alone. Default: all. */
  readonly isParallel?: boolean;
  /** Images and sound of results go to the model as they are. Default: a line tells of them. */
  readonly takesMedia?: boolean;
  /** The client defers the functions of tools: what the model is shown of them its endpoint decides. */
  readonly defersTools?: boolean;
}

/**
 * Differs from the paper: evaluation is greedy, and calls are single ones (ATLAS lets a program make many).
 *
 * A language model as policy: system prompt, task, then one reply and its observations per turn. Tools go natively; a
 * server that says its model has none gets them in the prompt from then on. All calls of a reply are carried out in their
 * order; the recorded text holds the whole reply.
 */
export default function modelLoop(options: ModelLoopOptions): Policy {
  const { client, isParallel = true, seed: drawn = 0, takesMedia = false, defersTools = false } = options;
  let takesTools = true;
  const start: Policy['start'] = (episode) => {
    const exchanges: Exchange[] = [];
    const results: string[] = [];
    const chat = client.converse?.() ?? client.chat;
    const functions = new Map(episode.metaTools.map(({ name, inputSchema }) => [name, inputSchema]));
    const ask = async (): Promise<ChatReply> => {
      const names = ['sampling', episode.seed, exchanges.length, ...(drawn === 0 ? [] : [drawn])] as const;
      const sampling = { ...defaultSampling, ...options.sampling, isParallel, seed: seedOf(...names) >>> 1 };
      if (takesTools) {
        try {
          return await chat(messagesOf(episode, exchanges, true), episode.metaTools, sampling, episode.signal);
        } catch (error) {
          if (!(error instanceof NoNativeTools)) throw error;
          if (defersTools) throw withoutFunctions(client.name, error);
          takesTools = false;
        }
      }
      return chat(messagesOf(episode, exchanges, false), [], sampling, episode.signal);
    };
    const answer = async (): Promise<ReadReply> => {
      const reading = { functions, isParallel, results };
      try {
        const bound = options.sampling?.outputTokens ?? defaultSampling.outputTokens;
        return readReply(bounded(await ask(), bound), reading);
      } catch (error) {
        if (error instanceof UnparsedCall) return unparsedByServer(error.message, reading);
        throw error;
      }
    };
    return {
      act: async (observations, user) => {
        const last = exchanges.at(-1);
        if (last) Object.assign(last, { observations: observations.map((one) => shownOf(one, episode)), user });
        results.push(...observations.filter(({ source }) => source === 'results').map(({ text }) => text));
        const { exchange, decision } = await answer();
        exchanges.push(exchange);
        return decision;
      },
    };
  };
  return { name: client.name, start, ...(takesMedia ? { takesMedia } : {}), ...(defersTools ? { defersTools } : {}) };
}

const withoutFunctions = (name: string, error: NoNativeTools): UsageError =>
  new UsageError(
    `${name} takes no functions (${error.message}), so that none can be deferred. Leave out tools=deferred.`,
    { cause: error },
  );

/** The longest Qwen3 token has 128 characters; a longer reply means that the server ignored the bound. */
const longestTokenCharacters = 128;

/** A reply cut at the bound that its server did not heed, as one that does would have cut it. */
function bounded(reply: ChatReply, outputTokens: number): ChatReply {
  const most = longestTokenCharacters * outputTokens;
  const { text, reasoning, calls } = reply;
  const written = reasoning.length + text.length;
  if (written + calls.reduce((sum, call) => sum + call.source.length, 0) <= most) return reply;
  return {
    ...reply,
    reasoning: reasoning.slice(0, most),
    text: text.slice(0, Math.max(0, most - reasoning.length)),
    calls: written > most ? [] : calls,
    finishReason: 'length',
  };
}
