import { createHash } from 'node:crypto';
import type { JudgeIdentity } from '../../../core/calibration-types.ts';
import { messageOf, UsageError } from '../../../core/errors.ts';
import { reachOf } from '../../../core/identity/reach.ts';
import { moduleEnding } from '../../../core/list.ts';
import type { ChatMessage, ChatReply, ModelClient, Sampling } from '../../../core/models/model-client.ts';
import { clientKinds } from '../../../core/models/open.ts';
import type { Rubric, WrittenForm } from '../../../core/reward-types.ts';
import { seedOf } from '../../../core/seeds.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Task, Tool } from '../../../core/types.ts';
import type { JudgeResources } from '../../judge-definition.ts';
import { contentCache, usageIn, type ContentCache } from '../../language/content-cache.ts';
import { openCostBook, type JudgeCosts } from '../../language/costs.ts';
import { openJudgeModel } from '../../language/open-model.ts';
import type { Unusable } from '../../language/reply.ts';
import { messagesOf, promptOf, replySchema } from './question.ts';
import { rubricIn } from './reply.ts';
import { readWriter, type WriterSettings } from './settings.ts';

/** What came of asking for a task's rubric. */
export interface WrittenRubric {
  /** `null`: no reply could be used. */
  readonly rubric: Rubric | null;
  /** Why each reply before it could not be used. */
  readonly unusable: readonly Unusable[];
}

/** A model that writes rubrics. */
export interface RubricWriter {
  /** Model, build and prompt, on which its rubrics hang. */
  readonly identity: JudgeIdentity;
  /** Rejects on abort, and with `UsageError` where no reply could ever come. */
  readonly write: (task: Task, tools: readonly Tool[], signal: AbortSignal) => Promise<WrittenRubric>;
  readonly costs: () => JudgeCosts;
}

/** What rubrics a model is to write. */
export interface WritingTask {
  readonly form: WrittenForm;
  /** The reference plan and answer are shown. */
  readonly withSolution: boolean;
}

type KeptReply = Pick<ChatReply, 'text' | 'finishReason' | 'usage'>;

/** SHA-256 (hex) of the prompt file and of all that fills it. */
function promptHash(form: WrittenForm): string {
  const { hash } = reachOf([new URL(`./question${moduleEnding}`, import.meta.url)]);
  return createHash('sha256').update(promptOf(form)).update(hash).digest('hex');
}

/** `KIND:MODEL?SETTINGS`. Rejects with `UsageError` where the model is not there. */
export async function rubricWriter(
  name: string,
  writing: WritingTask,
  { cacheFolder, now }: JudgeResources,
): Promise<RubricWriter> {
  const [, kind = '', argument = ''] = /^([^:]*):(.*)$/s.exec(name) ?? [];
  const clientKind = clientKinds.find((one) => one === kind);
  if (!clientKind) {
    const usages = clientKinds.map((one) => `${one}:MODEL`);
    throw new UsageError(`No rubric can be had from "${name}". Known: ${usages.join(', ')}.`);
  }
  const { model, settings, suffix } = readWriter(argument);
  const client = await openJudgeModel(clientKind, model, settings, suffix);
  const build = client.build ? await client.build(AbortSignal.timeout(60_000)) : 'unknown';
  const identity = { name: client.name + suffix, build, prompt: promptHash(writing.form) };
  const book = openCostBook();
  const cache = cacheFolder === undefined ? null : contentCache(cacheFolder, replyIn);
  return {
    identity,
    costs: book.costs,
    write: async (task, tools, signal) => {
      const messages = messagesOf(task, tools, { ...writing, toolTokens: settings.toolTokens });
      const unusable: Unusable[] = [];
      for (let number = 0; number < settings.tries; number++) {
        const sampling = samplingOf(settings, writing.form, number);
        const reply = await replyTo(
          messages,
          sampling,
          { client, identity, cache, book, ...(now ? { now } : {}) },
          signal,
        );
        const found = 'cause' in reply ? reply : rubricIn(reply, writing.form);
        if ('form' in found) return { rubric: found, unusable };
        unusable.push(found);
        // The connection has tried again already, and a seed mends no server.
        if (found.cause === 'failed') break;
      }
      return { rubric: null, unusable };
    },
  };
}

interface Asking {
  readonly client: ModelClient;
  readonly identity: JudgeIdentity;
  readonly cache: ContentCache<KeptReply> | null;
  readonly book: ReturnType<typeof openCostBook>;
  readonly now?: () => number;
}

/** Replies are kept as they came, and read anew each time; failed calls are not kept. */
async function replyTo(
  messages: readonly ChatMessage[],
  sampling: Sampling,
  { client, identity, cache, book, now }: Asking,
  signal: AbortSignal,
): Promise<KeptReply | Unusable> {
  const key = keyOf(messages, sampling, client, identity);
  const cachedReply = cache?.get(key);
  if (cachedReply) {
    book.cached();
    return cachedReply;
  }
  const begin = now?.();
  const passed = () => (begin === undefined || now === undefined ? null : now() - begin);
  try {
    const { text, finishReason, usage } = await client.chat(messages, [], sampling, signal);
    book.called(usage, passed());
    cache?.put(key, { text, finishReason, usage });
    return { text, finishReason, usage };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UsageError) throw error;
    book.called({ promptTokens: null, outputTokens: null }, passed());
    return { cause: 'failed', reason: messageOf(error) };
  }
}

const samplingOf = (settings: WriterSettings, form: WrittenForm, number: number): Sampling => ({
  temperature: settings.temperature,
  topP: 1,
  topK: 0,
  minP: 0,
  repeatPenalty: 1,
  seed: seedOf('rubric', settings.seed, number) >>> 1,
  outputTokens: settings.thinkingTokens + settings.outputTokens,
  contextTokens: settings.contextTokens,
  ...(settings.threads === 0 ? {} : { threads: settings.threads }),
  isThinking: settings.thinkingTokens > 0,
  format: replySchema(form, true),
});

/** All that a reply hangs on, by content: request, tools and solution stand in the messages. */
function keyOf(
  messages: readonly ChatMessage[],
  sampling: Sampling,
  { name }: ModelClient,
  { build, prompt }: JudgeIdentity,
): JsonObject {
  const { temperature, seed, outputTokens, contextTokens } = sampling;
  return {
    rubricBy: name,
    build,
    prompt,
    sampling: { temperature, seed, outputTokens, contextTokens },
    messages: createHash('sha256').update(JSON.stringify(messages)).digest('hex'),
  };
}

function replyIn(file: JsonObject): KeptReply | undefined {
  const { text, finishReason } = file;
  const usage = usageIn(file);
  if (typeof text !== 'string' || typeof finishReason !== 'string' || usage === null) return undefined;
  return { text, finishReason, usage };
}
