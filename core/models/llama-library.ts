import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { shownPath } from '../shown-path.ts';
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
  /** In 0..1, see `Capture`; absent where the likeliest token is taken unasked, since it would double the time of a token. */
  readonly probability?: number;
  /** Of any token at this place, where `format` was asked for. */
  readonly probabilityOf?: (id: number) => number;
}

const version = '3.21.1';

/** What adds the library where Toolstone finds it: into the folder whose `node_modules` Toolstone lies in, or its own. */
export function llamaAddition(): string {
  const [above, inside] = import.meta.dirname.split(/[/\\]node_modules[/\\](?!.*[/\\]node_modules[/\\])/);
  const folder = shownPath(inside === undefined ? join(import.meta.dirname, '..', '..') : (above as string));
  return `npm install ${folder === '' ? '' : `--prefix ${folder} `}--no-save node-llama-cpp@${version}`;
}

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
  ) => AsyncGenerator<{
    readonly token: number;
    readonly confidence?: number;
    readonly probabilities?: ReadonlyMap<number, number>;
  }>;
  readonly eraseContextTokenRanges: (ranges: readonly { start: number; end: number }[]) => Promise<void>;
}

/** What this thread has read, by file and state of the file, and by the number of threads too. */
const files = new Map<string, Promise<LibraryModel>>();
const models = new Map<string, Promise<LocalModel>>();

/** Reads a model file on the CPU, once per thread. Throws `UsageError` where library or file are not there or not fit. */
export async function loadModel(path: string, threads: number): Promise<LocalModel> {
  await checkModel(path);
  const { mtimeMs, size } = statSync(path);
  const file = [realpathSync(path), mtimeMs, size].join(' ');
  return remembered(models, `${threads} ${file}`, async () =>
    localModel(await remembered(files, file, () => readModel(path)), threads),
  );
}

function remembered<T>(entries: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let entry = entries.get(key);
  if (entry === undefined) {
    entry = make();
    entries.set(key, entry);
    entry.catch(() => entries.delete(key));
  }
  return entry;
}

/** Whether library and file are there and the file's head is sound; the weights are not read. Throws `UsageError`. */
export async function checkModel(path: string): Promise<void> {
  const head = Buffer.alloc(24);
  try {
    const file = openSync(path, 'r');
    readSync(file, head, 0, head.length, 0);
    closeSync(file);
  } catch (error) {
    throw new UsageError(
      `The model file ${path} cannot be read (${messageOf(error)}). Give the path of a .gguf file.`,
      {
        cause: error,
      },
    );
  }
  if (head.toString('latin1', 0, 4) !== 'GGUF') {
    throw new UsageError(`${path} is no GGUF file. Convert the model to GGUF first.`);
  }
  // the library would read on for minutes
  const [version, tensors, entries] = [head.readUInt32LE(4), head.readBigUInt64LE(8), head.readBigUInt64LE(16)];
  if (version < 2 || version > 3 || tensors > mostParts || entries > mostParts) {
    throw new UsageError(`${path} is a broken GGUF file, or one of a version other than 2 and 3. Convert it again.`);
  }
  await library();
}

const mostParts = 1_000_000n;

async function readModel(path: string): Promise<LibraryModel> {
  const { loadModel: load, complaints } = await (starting ??= startLibrary());
  complaints.length = 0;
  try {
    return await load({ modelPath: path, gpuLayers: 0 });
  } catch (error) {
    const why = [messageOf(error), ...complaints.slice(0, 1)].join('; ');
    throw new UsageError(`${path} cannot be used as a GGUF model: ${why}.`, { cause: error });
  }
}

type LlamaInstance = Awaited<ReturnType<Library['getLlama']>>;

/** One per thread: a second instance would log past ours. */
let starting: Promise<LlamaInstance & { readonly complaints: string[] }> | undefined;

async function startLibrary(): Promise<LlamaInstance & { readonly complaints: string[] }> {
  const { getLlama } = await library();
  const complaints: string[] = [];
  try {
    const llama = await getLlama({
      build: 'never',
      gpu: false,
      skipDownload: true,
      progressLogs: false,
      maxThreads: 0,
      logLevel: 'error',
      logger: (_level: string, message: string) => {
        complaints.push(message.trim());
      },
    });
    return { loadModel: (options) => llama.loadModel(options), complaints };
  } catch (error) {
    throw new UsageError(`node-llama-cpp does not start on this machine: ${messageOf(error)}.`, { cause: error });
  }
}

async function library(): Promise<Library> {
  try {
    // A literal, so that its version is a part of a run's identity, and none to the compiler, for it may be absent.
    return (await import('node-llama-cpp' satisfies string)) as Library;
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const what = isAbsent ? 'is not installed' : `cannot be loaded (${messageOf(error)})`;
    throw new UsageError(`A llama policy runs in node-llama-cpp, which ${what}. Add it with: ${llamaAddition()}`, {
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
    const isAsked = sampling.temperature > 0 || sampling.format !== undefined;
    const drawn = sequence.evaluateWithMetadata(
      ids,
      { confidence: isAsked, probabilities: sampling.format !== undefined },
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
    for await (const { token, confidence, probabilities } of drawn) {
      recent.push(token);
      yield {
        id: token,
        ...(isAsked && { probability: confidence ?? 0 }),
        ...(probabilities && { probabilityOf: (id: number) => probabilities.get(id) ?? 0 }),
      };
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
