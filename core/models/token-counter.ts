import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import { jinjaTemplate, type ChatTemplate } from './chat-template.ts';
import { readMetadata } from './gguf-metadata.ts';
import { ggufTokenizer } from './gguf-tokenizer.ts';
import { libraryCounter, type TokenizerFiles } from './library-counter.ts';
import { callArguments } from './model-client.ts';
import { o200kCounter, o200kName } from './o200k.ts';
import { promptTemplate } from './prompt-template.ts';

/** What a path says of a model's tokens. */
interface Material extends TokenizerFiles {
  readonly template: ChatTemplate | null;
  /** What stands in front of a prompt that does not begin with it. */
  readonly begin: string | null;
  readonly hash: string;
}

/**
 * A model's own tokens: of a folder with `tokenizer.json`, `tokenizer_config.json` and perhaps `chat_template.jinja`, of a GGUF
 * file, or of a `tokenizer.json` alone; or OpenAI's, by the name `o200k`. Where there is no template, prompts are written by
 * Qwen3's. Throws `UsageError`.
 */
export function openTokenCounter(path: string): TokenCounter {
  if (path === o200kName) return o200kCounter();
  const material = materialOf(path);
  const { template, begin, hash } = material;
  const counter = libraryCounterOf(material, path);
  const source = { tokenizer: path, template: template ? 'own' : 'qwen3', hash } as const;
  if (template === null) return { ...counter, source };
  const promptTokens = (text: string) => counter.count(begin === null || text.startsWith(begin) ? text : begin + text);
  return { ...counter, source, template: promptTemplate(template, promptTokens, path) };
}

function libraryCounterOf(files: TokenizerFiles, path: string) {
  try {
    const counter = libraryCounter(files);
    counter.count('One text, to see whether it can be read at all.');
    return counter;
  } catch (error) {
    throw new UsageError(
      `The tokenizer of ${path} cannot be used: ${messageOf(error)}. Give another one, or leave --tokenizer out.`,
      { cause: error },
    );
  }
}

function materialOf(path: string): Material {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return ofFolder(path);
  if (stat?.isFile() && path.endsWith('.gguf')) return ofGguf(path);
  if (stat?.isFile() && path.endsWith('.json')) return ofTokenizerFile(path);
  throw new UsageError(
    `--tokenizer ${path} is nothing that tokens can be counted by. Give a folder with tokenizer.json and ` +
      'tokenizer_config.json, a .gguf file, a tokenizer.json, or o200k for that of OpenAI.',
  );
}

const configName = 'tokenizer_config.json';
const templateName = 'chat_template.jinja';

function ofFolder(folder: string): Material {
  const file = join(folder, 'tokenizer.json');
  if (!existsSync(file)) {
    throw new UsageError(
      `The folder ${folder} holds no tokenizer.json. Give the folder that a model's tokenizer was saved in.`,
    );
  }
  const parts = [file, join(folder, configName), join(folder, templateName)].filter((part) => existsSync(part));
  const configFile = parts.find((part) => basename(part) === configName);
  const config = configFile === undefined ? {} : jsonObject(configFile);
  const beside = parts.find((part) => basename(part) === templateName);
  const source = beside === undefined ? templateIn(config) : readFileSync(beside, 'utf8');
  const special = { begin: tokenText(config['bos_token']), ends: [tokenText(config['eos_token']) ?? ''] };
  return {
    tokenizer: jsonObject(file),
    config,
    template: source === null ? null : jinjaTemplate(source, special, `of ${folder}`),
    begin: null,
    hash: hashOf(parts.map((part) => `${basename(part)} ${hashOf([readFileSync(part)])}\n`)),
  };
}

function ofTokenizerFile(file: string): Material {
  return { tokenizer: jsonObject(file), config: {}, template: null, begin: null, hash: hashOf([readFileSync(file)]) };
}

/** Its template is the one beside it, else its own, as the policy `llama` has it. */
function ofGguf(path: string): Material {
  const metadata = readMetadata(path);
  const { tokenizer, config, chatTemplate, begin, end, addsBegin } = ggufTokenizer(metadata, path);
  const beside = join(dirname(path), templateName);
  const isBeside = existsSync(beside);
  const source = isBeside ? readFileSync(beside, 'utf8') : chatTemplate;
  const special = { begin, ends: [end ?? ''] };
  return {
    tokenizer,
    config,
    template: source === null ? null : jinjaTemplate(source, special, isBeside ? beside : `of ${path}`),
    begin: addsBegin ? begin : null,
    hash: hashOf([metadata.hash, isBeside ? hashOf([source ?? '']) : '']),
  };
}

function jsonObject(file: string): Readonly<Record<string, unknown>> {
  const value = callArguments(readFileSync(file, 'utf8'));
  if (value === null)
    throw new UsageError(`${file} holds no JSON object. Copy it anew from where the model comes from.`);
  return value;
}

/** One template, or several by name, of which the one for tools goes first. */
function templateIn({ chat_template: template }: Readonly<Record<string, unknown>>): string | null {
  if (typeof template === 'string') return template;
  if (!Array.isArray(template)) return null;
  const named = new Map(
    template.map((one: unknown) => {
      const { name, template: source } = callArguments(one) ?? {};
      return [name, source] as const;
    }),
  );
  const chosen = named.get('tool_use') ?? named.get('default');
  return typeof chosen === 'string' ? chosen : null;
}

function tokenText(token: unknown): string | null {
  if (typeof token === 'string') return token;
  const content = callArguments(token)?.['content'];
  return typeof content === 'string' ? content : null;
}

function hashOf(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
