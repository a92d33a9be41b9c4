import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const marks = ['<|turn|>', '<|end|>'];

/** A tokenizer of which every byte is a token, and every mark one: counts can be made without it. */
export const byteTokens = (text: string): number =>
  Buffer.byteLength(marks.reduce((rest, mark) => rest.replaceAll(mark, '#'), text));

/** The byte-level alphabet: printable Latin-1 bytes stand for themselves, the others from U+0100 on. */
function alphabet(): string[] {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCharCode(isPrintable ? byte : 256 + others++);
  });
}

export const smallTokenizer = {
  version: '1.0',
  added_tokens: marks.map((content, index) => ({ id: 256 + index, content, special: true, normalized: false })),
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
  post_processor: null,
  decoder: { type: 'ByteLevel' },
  model: { type: 'BPE', vocab: Object.fromEntries(alphabet().map((letter, id) => [letter, id])), merges: [] },
};

/** A folder as a model's tokenizer is saved in one. */
export function tokenizerFolder({ template, jinja }: { template?: unknown; jinja?: string } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-tokenizer-'));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(smallTokenizer));
  const config = { eos_token: { content: '<|end|>' }, ...(template === undefined ? {} : { chat_template: template }) };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  if (jinja !== undefined) writeFileSync(join(folder, 'chat_template.jinja'), jinja);
  return folder;
}

/** Shows the thinking of the last assistant's message alone. */
export const forgettingTemplate = `
{%- if tools %}{{ '<|turn|>tools ' + (tools | tojson) + '<|end|>' }}{% endif -%}
{%- set last = namespace(index=-1) -%}
{%- for message in messages %}{% if message.role == 'assistant' %}{% set last.index = loop.index0 %}{% endif %}{% endfor -%}
{%- for message in messages -%}
{{ '<|turn|>' + message.role + ' ' }}
{%- if message.reasoning_content and loop.index0 == last.index %}{{ '(' + message.reasoning_content + ')' }}{% endif -%}
{{ message.content }}
{%- for call in message.tool_calls or [] %}{{ call.function.name + (call.function.arguments | tojson) }}{% endfor -%}
{{ '<|end|>' }}
{%- endfor -%}
{%- if add_generation_prompt %}{{ '<|turn|>assistant ' }}{% endif -%}`;

/** Refuses a system message, ids of another length, and a call without its result. */
export const strictTemplate = `
{%- set open = namespace(calls=0) -%}
{%- if tools %}{{ '<|turn|>tools ' + (tools | tojson) + '<|end|>' }}{% endif -%}
{%- for message in messages -%}
{%- if message.role == 'system' %}{{ raise_exception('No system role.') }}{% endif -%}
{%- for call in message.tool_calls or [] -%}
{%- if call.id | length != 9 %}{{ raise_exception('Ids have nine characters.') }}{% endif -%}
{%- set open.calls = open.calls + 1 -%}
{%- endfor -%}
{%- if message.role == 'tool' %}{% set open.calls = open.calls - 1 %}{% endif -%}
{{ '<|turn|>' + message.role + ' ' + message.content }}
{%- for call in message.tool_calls or [] %}{{ call.function.name }}{% endfor -%}
{{ '<|end|>' }}
{%- endfor -%}
{%- if open.calls != 0 %}{{ raise_exception('A call has no result.') }}{% endif -%}
{%- if add_generation_prompt %}{{ '<|turn|>assistant ' }}{% endif -%}`;

/** Knows neither tools nor calls. */
export const plainTemplate = `
{%- for message in messages %}{{ '<|turn|>' + message.role + ' ' + message.content + '<|end|>' }}{% endfor -%}
{%- if add_generation_prompt %}{{ '<|turn|>assistant ' }}{% endif -%}`;
