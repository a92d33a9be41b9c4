import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import type { Sampling } from './model-client.ts';

/** A model file in memory, with what the client asks of it; `test/models` has another one. */
export interface LocalModel {
  /** Jinja source that the file brings; null for most base models. */
  readonly template: string | null;
  readonly begin: { readonly id: number; readonly text: string } | null;
  /** Texts of the tokens that end a sequence or a turn. */
  readonly ends: readonly string[];
  /** Longest context that the model was trained for. */
  readonly contextTokens: number;
  /** Special tokens that stand in the text become themselves, as transformers has it. */
  readonly tokenize: (text: string) => number[];
  /** `before`: the ids that precede, which decide about a leading space. */
  readonly detokenize: (ids: readonly number[], before?: readonly number[]) => string;
  readonly isEnd: (id: number) => boolean;
  /** An empty sequence with room for so many tokens. */
  readonly open: (contextTokens: number) => Promise<LocalSequence>;
}

/** Tokens whose keys and values the model holds, and what may come next. */
export interface LocalSequence {
  readonly contextTokens: number;
  /** Appends tokens, as one batch. */
  readonly evaluate: (ids: readonly number[]) => Promise<void>;
  /** Appends tokens as one batch and draws the next ones; each but the last drawn is appended too, by itself. */
  readonly draw: (ids: readonly number[], sampling: Sampling) => AsyncGenerator<Drawn>;
  /** Forgets all tokens but the first `count`. */
  readonly keep: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Drawn {
  readonly id: number;
  /** In 0..1; see `Capture`. */
  readonly probability: number;
}

const version = '3.21.1';
const command = `npm install --no-save node-llama-cpp@${version}`;

/** Tokens of one call into the model; an abort waits for one such batch at most. */
export const batchTokens = 256;

/** The part of node-llama-cpp that we use; the package is optional, so that its own types may be absent. */
interface Library {
  readonly getLlama: (options: object) => Promise<{ readonly loadModel: (options: object) => Promise<LibraryModel> }>;
}

interface LibraryModel {
  readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } } };
  readonly trainContextSize: number;
  readonly tokens: Readonly<{
    bos: number | null;
    bosString: string | null;
    eosString: string | null;
    eotString: string | null;
    shouldPrependBosToken: boolean;
  }>;
  readonly tokenize: (text: string, specialTokens: boolean) => number[];
  readonly detokenize: (ids: readonly number[], specialTokens: boolean, lastTokens?: readonly number[]) => string;
  readonly isEogToken: (id: number) => boolean;
  readonly createContext: (options: object) => Promise<LibraryContext>;
}

interface LibraryContext {
  readonly getSequence: () => LibrarySequence;
  readonly dispose: () => Promise<void>;
}

interface LibrarySequence {
  readonly nextTokenIndex: number;
  readonly evaluateWithoutGeneratingNewTokens: (ids: readonly number[]) => Promise<void>;
  readonly evaluateWithMetadata: (
    ids: readonly number[],
    metadata: object,
    options: object,
  ) => AsyncGenerator<{ readonly token: number; readonly confidence?: number }>;
  readonly eraseContextTokenRanges: (ranges: readonly { start: number; end: number }[]) => Promise<void>;
}

/** Models of this thread by path and threads: a file is read once. */
const models = new Map<string, Promise<LocalModel>>();

/** Reads a model file on the CPU. Throws `UsageError` where library or file are not there or not fit. */
export function loadModel(path: string, threads: number): Promise<LocalModel> {
  const key = `${threads} ${resolve(path)}`;
  let model = models.get(key);
  if (model === undefined) {
    model = readModel(path, threads);
    models.set(key, model);
    model.catch(() => models.delete(key));
  }
  return model;
}

async function readModel(path: string, threads: number): Promise<LocalModel> {
  if (!existsSync(path)) throw new UsageError(`There is no model file ${path}. Give the path of a .gguf file.`);
  const { getLlama } = await library();
  let complaint = '';
  try {
    const llama = await getLlama({
      build: 'never',
      gpu: false,
      skipDownload: true,
      progressLogs: false,
      maxThreads: 0,
      logLevel: 'error',
      logger: (_level: string, message: string) => {
        complaint ||= message.trim();
      },
    });
    return localModel(await llama.loadModel({ modelPath: path, gpuLayers: 0 }), threads);
  } catch (error) {
    const why = [messageOf(error), complaint].filter(Boolean).join('; ');
    throw new UsageError(`${path} cannot be used as a GGUF model: ${why}.`, { cause: error });
  }
}

async function library(): Promise<Library> {
  const name: string = 'node-llama-cpp';
  try {
    return (await import(name)) as Library;
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const what = isAbsent ? 'is not installed' : `cannot be loaded (${messageOf(error)})`;
    throw new UsageError(`A llama policy runs in node-llama-cpp, which ${what}. Add it with: ${command}`, {
      cause: error,
    });
  }
}

function localModel(model: LibraryModel, threads: number): LocalModel {
  const { bos, bosString, eosString, eotString, shouldPrependBosToken } = model.tokens;
  return {
    template: model.fileInfo.metadata.tokenizer?.chat_template ?? null,
    begin: shouldPrependBosToken && bos !== null ? { id: bos, text: bosString ?? '' } : null,
    ends: [...new Set([eotString, eosString])].flatMap((text) => text || []),
    contextTokens: model.trainContextSize,
    tokenize: (text) => model.tokenize(text, true),
    detokenize: (ids, before) => model.detokenize(ids, true, before),
    isEnd: (id) => model.isEogToken(id),
    open: async (contextTokens) => {
      const context = await model.createContext({
        contextSize: contextTokens,
        batchSize: batchTokens,
        sequences: 1,
        threads,
        // a window that forgets could not be cut back to a shared beginning
        swaFullCache: true,
        failedCreationRemedy: false,
      });
      return localSequence(context, contextTokens);
    },
  };
}

function localSequence(context: LibraryContext, contextTokens: number): LocalSequence {
  const sequence = context.getSequence();
  const draw: LocalSequence['draw'] = async function* (ids, sampling) {
    const recent = ids.slice(-penalisedTokens);
    const drawn = sequence.evaluateWithMetadata(
      ids,
      { confidence: true },
      {
        temperature: sampling.temperature,
        topK: sampling.topK,
        topP: sampling.topP,
        minP: sampling.minP,
        seed: sampling.seed,
        ...(sampling.repeatPenalty === 1
          ? {}
          : {
              repeatPenalty: {
                penalty: sampling.repeatPenalty,
                punishTokens: () => recent.slice(-penalisedTokens),
                maxPunishTokens: penalisedTokens,
              },
            }),
        yieldEogToken: true,
      },
    );
    for await (const { token, confidence = 0 } of drawn) {
      recent.push(token);
      yield { id: token, probability: confidence };
    }
  };
  return {
    contextTokens,
    evaluate: (ids) => sequence.evaluateWithoutGeneratingNewTokens(ids),
    draw,
    keep: async (count) => {
      const end = sequence.nextTokenIndex;
      if (count < end) await sequence.eraseContextTokenRanges([{ start: count, end }]);
    },
    close: () => context.dispose(),
  };
}

/** As many as Ollama's `repeat_last_n`. */
const penalisedTokens = 64;
