import { UsageError } from '../errors.ts';
import type { Chat, ChatMessage, ModelClient, Sampling } from '../models/model-client.ts';
import type { MetaTool } from '../types.ts';
import { chosenWire, noteModel, recordedModel } from './chosen.ts';
import { isOtherBuild } from './header.ts';
import { currentTape } from './tape.ts';

export interface WiredModelOptions {
  /** The client's own. */
  readonly name: string;
  /** What the recording knows the model by: its name with all that decides what it answers. */
  readonly knownAs: string;
  /** Opens the client and proves that its model is there. */
  readonly open: () => Promise<ModelClient>;
}

/** A model is asked what it is, at the start of a recording. */
const buildMilliseconds = 60_000;

/**
 * The client that `open` gives, whose chats go through the tape of the episode or command that they are of, where the user chose to record
 * or replay. A replay opens it at the first chat that the recording does not hold, so that its endpoint need not be there. Rejects as
 * `open` does; chats also with `UsageError` where the live model is not the one that was recorded.
 */
export async function wiredClient({ name, knownAs, open }: WiredModelOptions): Promise<ModelClient> {
  const wire = chosenWire();
  if (wire === undefined) return open();
  if (wire.mode === 'record') {
    const client = await open();
    const build = await client.build?.(AbortSignal.timeout(buildMilliseconds));
    noteModel(knownAs, {
      ...(client.endpoint === undefined ? {} : { endpoint: client.endpoint }),
      ...(build === undefined ? {} : { build }),
    });
    return taped(knownAs, client);
  }
  noteModel(knownAs, {});
  const live = lately(knownAs, open);
  const conversing = (): Chat => {
    let chat: Promise<Chat> | undefined;
    return async (...request) => {
      chat ??= live().then((client) => client.converse?.() ?? client.chat);
      return (await chat)(...request);
    };
  };
  const recordedBuild = recordedModel(knownAs)?.build;
  const buildOf = async (signal: AbortSignal) => (await (await live()).build?.(signal)) ?? 'unknown';
  return taped(knownAs, {
    name,
    check: async () => undefined,
    build: (signal) =>
      recordedBuild === undefined && wire.mode === 'replay'
        ? buildOf(signal)
        : Promise.resolve(recordedBuild ?? 'unknown'),
    chat: conversing(),
    converse: conversing,
  });
}

/** The live model behind a replay, which has to be the one that was recorded: one episode must not be answered by two. */
function lately(knownAs: string, open: () => Promise<ModelClient>): () => Promise<ModelClient> {
  let opened: Promise<ModelClient> | undefined;
  const opening = async () => {
    const client = await open();
    const before = recordedModel(knownAs)?.build;
    const now = before === undefined ? undefined : await client.build?.(AbortSignal.timeout(buildMilliseconds));
    if (!isOtherBuild(before, now)) return client;
    throw new UsageError(
      `The recording was made with another build of ${knownAs} (${before}) than the one that answers now (${now}), so that answers of both ` +
        'would be mixed. Replay it with the model that it was made with, or record the run again.',
    );
  };
  return () => (opened ??= opening());
}

function taped(name: string, client: ModelClient): ModelClient {
  const { converse } = client;
  const through =
    (chat: Chat): Chat =>
    (messages, tools, sampling, signal) => {
      const live = () => chat(messages, tools, sampling, signal);
      const request = asSent(messages, tools, sampling);
      return currentTape()?.exchange(`model ${name}`, request, `a chat with ${name}`, live) ?? live();
    };
  return {
    ...client,
    chat: through(client.chat),
    ...(converse ? { converse: () => through(converse()) } : {}),
  };
}

type Told<T> = { readonly [Key in keyof T]-?: unknown };

/**
 * What of a request decides the answer, in an order of its own: hints for engines are left out (`common`, `threads`), and a field that comes
 * to these types later stands in it only where it is set, so that recordings outlive both.
 */
function asSent(messages: readonly ChatMessage[], tools: readonly MetaTool[], sampling: Sampling) {
  return [
    messages.map(({ role, content, reasoning, echo, calls, answers, media }) => {
      const told: Told<Omit<ChatMessage, 'common'>> = { role, content, reasoning, echo, calls, answers, media };
      return told;
    }),
    tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
    settingsSent(sampling),
  ];
}

function settingsSent(sampling: Sampling): Told<Omit<Sampling, 'threads'>> {
  const { temperature, topP, topK, minP, repeatPenalty, seed, outputTokens, contextTokens } = sampling;
  const { isThinking, isParallel, format, likeliest } = sampling;
  const numbers = { temperature, topP, topK, minP, repeatPenalty, seed, outputTokens, contextTokens };
  return { ...numbers, isThinking, isParallel, format, likeliest };
}
