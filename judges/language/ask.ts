import { createHash } from 'node:crypto';
import { messageOf, UsageError } from '../../core/errors.ts';
import { CeilingReached } from '../../core/models/ceiling-reached.ts';
import type { ModelClient, Sampling } from '../../core/models/model-client.ts';
import type { JudgeIdentity } from '../../core/calibration-types.ts';
import { outcomesOf, type Outcome } from './answer.ts';
import type { CostBook } from './costs.ts';
import { messagesOf, promptsHash, schemaOf, type Question } from './question.ts';
import type { Settings } from './settings.ts';
import type { VerdictCache } from './verdict-cache.ts';

export interface Asking {
  readonly client: ModelClient;
  readonly identity: JudgeIdentity;
  /** Hash of the code that reads replies: what other code could not read may be read now. */
  readonly reading: string;
  readonly settings: Settings;
  readonly book: CostBook;
  readonly cache: VerdictCache | null;
  /** Milliseconds of any steady clock; without it no latency is kept. */
  readonly now?: () => number;
}

/** Room for each answer, with its key and the white space that some servers pad with. */
const answerTokens = 12;
const frameTokens = 48;

/**
 * Puts one question to the model; `seed` tells votes apart. Whatever goes wrong is an outcome, `failed` ones are never
 * cached. Rejects on abort, and with `UsageError` where no answer could ever come.
 */
export async function answersTo(
  question: Question,
  seed: number,
  asking: Asking,
  signal: AbortSignal,
): Promise<Outcome[][]> {
  const { book, cache } = asking;
  const sampling = samplingOf(question, seed, asking.settings);
  const key = keyOf(question, sampling, asking);
  const entry = cache?.get(key);
  if (entry) {
    book.cached();
    book.answered(entry.outcomes);
    return entry.outcomes.map((row) => [...row]);
  }
  const outcomes = await askModel(question, sampling, asking, signal, (usage, reply, all) =>
    cache?.put(key, { outcomes: all, usage, reply }),
  );
  book.answered(outcomes);
  return outcomes;
}

async function askModel(
  question: Question,
  sampling: Sampling,
  { client, identity, book, now }: Asking,
  signal: AbortSignal,
  keep: (usage: { promptTokens: number | null; outputTokens: number | null }, reply: string, all: Outcome[][]) => void,
): Promise<Outcome[][]> {
  const begin = now?.();
  const passed = () => (begin === undefined || now === undefined ? null : now() - begin);
  try {
    const reply = await client.chat(messagesOf(question), [], sampling, signal);
    book.called(reply.usage, passed());
    const outcomes = outcomesOf(reply, question);
    keep(reply.usage, reply.text.slice(0, longestReply), outcomes);
    return outcomes;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UsageError) throw error;
    if (error instanceof CeilingReached)
      throw new UsageError(
        `The judge ${identity.name} is asked no more: ${error.message}. The same command again allows it as much once more, and asks nothing that is answered.`,
        { cause: error },
      );
    book.called({ promptTokens: null, outputTokens: null }, passed());
    const outcome: Outcome = { cause: 'failed', reason: messageOf(error) };
    return question.records.map(() => question.criteria.map(() => outcome));
  }
}

const longestReply = 4_000;

function samplingOf(question: Question, seed: number, settings: Settings): Sampling {
  const answers = question.records.length * question.criteria.length;
  const { temperature, contextTokens, thinkingTokens, threads, likeliest } = settings;
  return {
    temperature,
    topP: 1,
    topK: 0,
    minP: 0,
    repeatPenalty: 1,
    seed,
    outputTokens: thinkingTokens + frameTokens + answerTokens * answers,
    contextTokens,
    ...(threads === 0 ? {} : { threads }),
    isThinking: thinkingTokens > 0,
    format: schemaOf(question),
    ...(likeliest === 0 ? {} : { likeliest }),
  };
}

/** All that an answer hangs on, by content: no task, run or repetition. */
function keyOf(
  { records, criteria, scale, isGroup }: Question,
  sampling: Sampling,
  { identity: judge, reading }: Pick<Asking, 'identity' | 'reading'>,
) {
  const { temperature, seed, outputTokens, contextTokens, likeliest = 0 } = sampling;
  return {
    judge: judge.name,
    build: judge.build,
    prompts: promptsHash,
    reading,
    scale,
    isGroup,
    sampling: { temperature, seed, outputTokens, contextTokens, likeliest },
    criteria,
    records: records.map((record) => createHash('sha256').update(record).digest('hex')),
  };
}
