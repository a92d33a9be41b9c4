import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { EndpointContextExceeded, messageOf, PolicyFailure } from '../errors.ts';
import { jinjaTemplate, ledgerTemplate, type ChatTemplate } from './chat-template.ts';
import { fillIn, formOf, type Form, type Next } from './llama-fill.ts';
import { checkModel, loadModel, type LocalModel } from './llama-library.ts';
import { makeSequences, type DrawRequest, type Sequences } from './llama-sequences.ts';
import { makeTranscript, type Next as NextTurn, type Reply, type Transcript } from './llama-transcript.ts';
import { NoNativeTools, type Chat, type ChatReply, type ModelClient, type Sampling } from './model-client.ts';

export interface LlamaOptions {
  /** A GGUF file. Its conversation is written by `chat_template.jinja` beside it, else by its own, else as the ledger's. */
  readonly path: string;
  /**
   * CPU threads; they change no number. Default: one less than the machine has. Threads wait for each other without
   * sleeping, so that one neighbour on the last core makes all of them slow (seen: a sixth of the speed of one thread).
   */
  readonly threads?: number;
  /** One reply, its wait for other conversations left out. Default 600,000. */
  readonly timeoutMilliseconds?: number;
  /** Default: node-llama-cpp, which reads a file once per thread. */
  readonly source?: ModelSource;
}

export interface ModelSource {
  readonly check: (path: string) => Promise<void>;
  readonly load: (path: string, threads: number) => Promise<LocalModel>;
}

const llamaSource: ModelSource = { check: checkModel, load: loadModel };

interface Engine {
  readonly model: LocalModel;
  readonly template: ChatTemplate;
  readonly sequences: Sequences;
}

/** Places belong to a thread, as its models do. */
const sequencesOf = new WeakMap<LocalModel, Sequences>();

/**
 * A GGUF model in this process, on the CPU, by node-llama-cpp. Records ids and probabilities of what it draws. A
 * conversation is only ever appended to, so that a turn costs its new tokens; equal conversations have equal bits.
 */
export default function llamaClient(options: LlamaOptions): ModelClient {
  const {
    path,
    threads = Math.max(1, availableParallelism() - 1),
    timeoutMilliseconds = 600_000,
    source = llamaSource,
  } = options;
  let loading: Promise<Engine> | undefined;
  const engine = () => (loading ??= source.load(path, threads).then((model) => engineOf(path, model)));

  const converse = (): Chat => {
    let transcript: Transcript | undefined;
    return async (messages, tools, sampling, signal) => {
      const { model, template, sequences } = await engine();
      if (tools.length > 0 && !template.takesTools)
        throw new NoNativeTools(`The chat template of ${path} has no tools.`);
      transcript ??= makeTranscript(model, template);
      const next = transcript.next(messages, tools);
      const bounded = withinContext(next.promptTokens, sampling, model, path);
      const request = { conversation: transcript.conversation, pieces: next.pieces, sampling: bounded, signal };
      const form = bounded.format ? formOf(bounded.format) : null;
      if (form) {
        // no model wrote this reply: a conversation cannot go on from it
        transcript = undefined;
        const filled = await fill(form, { ...request, timeoutMilliseconds }, { model, template, sequences });
        return { ...filled, usage: { ...filled.usage, promptTokens: next.promptTokens } };
      }
      const { reply, evaluatedTokens } = await draw(
        { ...request, timeoutMilliseconds },
        { model, template, sequences },
      );
      transcript.take(messages, next, reply);
      return { ...chatReply(next, bounded, reply), evaluatedTokens };
    };
  };
  return {
    name: `llama:${path}`,
    check: async (signal) => {
      signal.throwIfAborted();
      await source.check(path);
    },
    build: (signal) => hashOfFile(path, signal),
    chat: (...request) => converse()(...request),
    converse,
  };
}

/** A drawn reply, with its ids and their probabilities. */
function chatReply(next: NextTurn, sampling: Sampling, reply: Reply): ChatReply {
  const { output, logProbabilities } = reply;
  const { temperature, topP, topK, minP, repeatPenalty } = sampling;
  return {
    text: reply.text,
    reasoning: '',
    calls: [],
    usage: { promptTokens: next.promptTokens, outputTokens: output.length },
    finishReason: reply.isEnded ? 'stop' : 'length',
    capture: {
      prompt: next.prompt,
      output,
      logProbabilities,
      sampling: { temperature, topP, topK, minP, repeatPenalty },
    },
  };
}

async function hashOfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path, { signal })) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

function engineOf(path: string, model: LocalModel): Engine {
  const sequences = sequencesOf.get(model) ?? makeSequences(model);
  sequencesOf.set(model, sequences);
  const special = { begin: model.begin?.text ?? null, ends: model.ends };
  const beside = join(dirname(path), 'chat_template.jinja');
  if (existsSync(beside)) {
    return { model, sequences, template: jinjaTemplate(readFileSync(beside, 'utf8'), special, beside) };
  }
  const template = model.template === null ? ledgerTemplate : jinjaTemplate(model.template, special, `of ${path}`);
  return { model, sequences, template };
}

function withinContext(tokens: number, sampling: Sampling, model: LocalModel, path: string): Sampling {
  const contextTokens = Math.min(sampling.contextTokens, model.contextTokens);
  const room = contextTokens - sampling.outputTokens;
  if (tokens <= room) return { ...sampling, contextTokens };
  throw new EndpointContextExceeded(
    `The prompt has ${tokens} tokens, more than the ${room} that a context of ${contextTokens} leaves beside a reply of ` +
      `${sampling.outputTokens} (${path} was trained for ${model.contextTokens}). Lower the limit of the episode's context.`,
  );
}

type Request = Omit<DrawRequest, 'use'>;

/** A reply of a fixed form, of which the model chooses the values. */
async function fill(form: Form, request: Request, { model, sequences }: Engine) {
  let pieces = request.pieces;
  let evaluatedTokens = 0;
  const plain = { temperature: 0, topK: 0, topP: 1, minP: 0, repeatPenalty: 1 };
  const next: Next = async (ids) => {
    let probabilities: ((id: number) => number) | undefined;
    const drawn = sequences.draw({
      ...request,
      pieces: [...pieces, ids],
      sampling: { ...request.sampling, ...plain },
      use: ({ probabilityOf }) => {
        probabilities = probabilityOf;
        return false;
      },
    });
    evaluatedTokens += await drawn.catch((error: unknown) => Promise.reject(explained(error, request, 0)));
    pieces = [];
    return probabilities ?? (() => 0);
  };
  const { text, likely, tokens } = await fillIn(form, model, request.sampling, next);
  return {
    text,
    reasoning: '',
    calls: [],
    usage: { outputTokens: tokens },
    finishReason: 'stop',
    evaluatedTokens,
    likely,
  };
}

function explained(error: unknown, { signal, timeoutMilliseconds }: Request, written: number): unknown {
  if (signal.aborted) return signal.reason;
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  const what = isLate
    ? `had written ${written} tokens after ${timeoutMilliseconds / 1000} s and was stopped`
    : `failed: ${messageOf(error)}`;
  return new PolicyFailure(`The local model ${what}.`, { cause: error });
}

/** Least probability that has a logarithm which JSON can hold. */
const leastProbability = 1e-38;
const decimals = 1e6;
/** An end that is no single token may begin so many tokens ago. */
const endTokens = 24;

async function draw(
  request: Request,
  { model, template, sequences }: Engine,
): Promise<{ readonly reply: Reply; readonly evaluatedTokens: number }> {
  const writtenEnds = template.ends.filter((end) => model.tokenize(end).length > 1);
  const endIds = template.ends.map((end) => model.tokenize(end)).flatMap((ids) => (ids.length === 1 ? ids : []));
  const output: number[] = [];
  const logProbabilities: number[] = [];
  let hasEndToken = false;
  let writtenEnd: string | undefined;
  const use: DrawRequest['use'] = ({ id, probability }) => {
    output.push(id);
    if (request.sampling.temperature > 0 && probability !== undefined) {
      logProbabilities.push(Math.round(Math.log(Math.max(probability, leastProbability)) * decimals) / decimals + 0);
    }
    hasEndToken = model.isEnd(id) || endIds.includes(id);
    if (writtenEnds.length > 0) {
      const tail = model.detokenize(output.slice(-endTokens));
      writtenEnd = writtenEnds.find((end) => tail.includes(end));
    }
    return !hasEndToken && writtenEnd === undefined && output.length < request.sampling.outputTokens;
  };
  let evaluatedTokens: number;
  try {
    evaluatedTokens = await sequences.draw({ ...request, use });
  } catch (error) {
    throw explained(error, request, output.length);
  }
  const before = request.pieces.flat().slice(-endTokens);
  const whole = model.detokenize(hasEndToken ? output.slice(0, -1) : output, before);
  const [text = '', ...after] = writtenEnd === undefined ? [whole] : whole.split(writtenEnd);
  const isEnded = hasEndToken || writtenEnd !== undefined;
  const excess = writtenEnd === undefined ? '' : after.join(writtenEnd);
  return { reply: { text, output, logProbabilities, isEnded, excess }, evaluatedTokens };
}
