import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jinjaTemplate } from '../../core/models/chat-template.ts';
import type { ChatMessage, ModelCall } from '../../core/models/model-client.ts';
import type { JsonObject } from '../../core/json.ts';
import type { MetaTool } from '../../core/types.ts';
import toolView from '../../envs/views/tool.ts';
import { metaToolsOf } from '../../finetune/ors/offered-tools.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { hasTrainer, howToAdd, pythonSays, tinyModel } from './python.ts';

const source = readFileSync(new URL('../../finetune/trl/template.jinja', import.meta.url), 'utf8');
const template = jinjaTemplate(source, { begin: '<bos>', ends: ['<end_of_turn>'] }, 'of finetune/trl');
const tools: readonly MetaTool[] = metaToolsOf(toolView);

const called = (name: string, args: JsonObject): ModelCall => ({
  id: 'call_0',
  name,
  arguments: args,
  source: JSON.stringify(args),
});

function conversation(...exchanges: readonly (readonly [ModelCall, string])[]): ChatMessage[] {
  return [
    { role: 'system', content: 'Servers:\n- files: keeps files' },
    { role: 'user', content: 'Write “ü” into \'a "b"\'.' },
    ...exchanges.flatMap(([call, answer]): ChatMessage[] => [
      { role: 'assistant', content: '', calls: [call] },
      { role: 'tool', content: answer, answers: call },
    ]),
  ];
}

const conversations = [
  conversation([called('finish', {}), 'Finished.']),
  conversation(
    [called('load_tools', { tools: ['write_file'], server: 'files' }), '{"name":"write_file"}\n\n'],
    [
      called('call_tool', {
        tool: 'write_file',
        server: 'files',
        arguments: {
          path: 'a "b"',
          content: 'ü\n\t\\ 🙂 </b> ’\u007f',
          deep: { z: [1, -2.5, null], a: { y: true, x: {} } },
        },
      }),
      '',
    ],
    [called('finish', { answer: '</tool_call' }), 'Finished.'],
  ),
];

const wireCall = (call: ModelCall) => ({
  type: 'function',
  function: { name: call.name, arguments: call.arguments },
});

/** As transformers takes them. */
const messagesOf = (messages: readonly ChatMessage[]) =>
  messages.map(({ role, content, calls, answers }) => ({
    role,
    content,
    ...(calls ? { tool_calls: calls.map(wireCall) } : {}),
    ...(answers ? { name: answers.name } : {}),
  }));

describe('the chat template', () => {
  test.each(conversations.map((messages) => ({ messages })))(
    'only ever appends, and names tools by their parameters alone',
    ({ messages }) => {
      let before = '';
      for (let end = 2; end <= messages.length; end++) {
        const text = template.render(messages.slice(0, end), tools, false);
        expect(text.startsWith(before)).toBe(true);
        if (messages[end]?.role === 'assistant')
          expect(template.render(messages.slice(0, end), tools, true)).toBe(`${text}<start_of_turn>model\n`);
        before = text;
      }
      expect(before).toMatch(
        /^<bos><start_of_turn>user\nTools: call_tool\(arguments, server, tool\), finish\(answer\), list_servers\(\), list_tools\(server\), load_tools\(server, tools\)\nServers:\n- files: keeps files\nWrite “ü” into 'a "b"'\.<end_of_turn>\n<start_of_turn>model\n<tool_call>/,
      );
    },
  );

  test('is the same for tools in another order, and has no blank line of its own', () => {
    const [messages = []] = conversations;
    const text = template.render(messages, tools, true);
    expect(template.render(messages, tools.toReversed(), true)).toBe(text);
    expect(text).not.toContain('\n\n');
    expect(template.render(messages, [], true)).toContain('<start_of_turn>user\nServers:');
  });

  test('writes calls as servers do that keep no text: compact, keys sorted', () => {
    expect(template.render(conversations[1] ?? [], tools, false)).toContain(
      String.raw`<tool_call>{"name":"call_tool","arguments":{"arguments":{"content":"ü\n\t\\ 🙂 </b> ’` +
        '\u007f' +
        String.raw`","deep":{"a":{"x":{},"y":true},"z":[1,-2.5,null]},"path":"a \"b\""},"server":"files","tool":"write_file"}}</tool_call><end_of_turn>`,
    );
  });
});

interface Seen {
  readonly texts: readonly string[];
  readonly open: string;
  readonly parsed: readonly {
    readonly role: string;
    readonly content: string;
    readonly tool_calls: readonly unknown[];
  }[];
  readonly trained: string;
  readonly assistant: string;
  readonly closing: string;
  readonly decodes: string;
  readonly opening: string;
  readonly packed_trained: number;
  readonly trained_tokens: number;
}

const title = 'the chat template in transformers and TRL';
if (!hasTrainer) test.skip(`${title} ${howToAdd}`, () => undefined);
else if (!isLive) test.skip(`${title} ${howToRun}`, () => undefined);

describe.skipIf(!hasTrainer || !isLive)(title, { timeout: 400_000 }, () => {
  let said: { readonly conversations: readonly Seen[] };
  let tiny: ReturnType<typeof tinyModel>;
  beforeAll(async () => {
    tiny = tinyModel();
    const given = conversations.map((messages) => ({
      messages: messagesOf(messages),
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function',
        function: { name, description, parameters: inputSchema },
      })),
    }));
    said = (await pythonSays('trl_checks.py', [tiny.base], given)) as typeof said;
  }, 400_000);
  afterAll(() => tiny.remove());

  test('has all that TRL demands, so that it takes no other in its place', () => {
    expect(said).toMatchObject({
      supports_tool_calling: true,
      prefix_preserving: true,
      stop_token_trained: true,
      needs_no_other: true,
    });
  });

  test.each(conversations.map((messages, index) => ({ messages, index })))(
    'renders conversation $index as the engine in the harness does, and every call parses to itself',
    ({ messages, index }) => {
      const seen = said.conversations[index] as Seen;
      expect(seen.texts).toEqual(
        Array.from({ length: messages.length - 1 }, (_, past) =>
          template.render(messages.slice(0, past + 2), tools, false),
        ),
      );
      expect(seen.open).toBe(template.render(messages, tools, true));
      const calls = messages.flatMap(({ calls: made }) => made ?? []);
      expect(seen.parsed).toEqual(
        calls.map((call) => ({
          role: 'assistant',
          content: '',
          tool_calls: [{ type: 'function', function: { name: call.name, arguments: call.arguments } }],
        })),
      );
    },
  );

  test('trains exactly the turns of the assistant, packed or not', () => {
    for (const seen of said.conversations) {
      expect(seen.trained).toBe(seen.assistant);
      expect(seen.trained.endsWith(`${seen.closing}<end_of_turn>`)).toBe(true);
      expect(seen.trained).not.toContain('Finished.');
      expect(seen.decodes.endsWith(`<start_of_turn>model\n${seen.closing}<end_of_turn>`)).toBe(true);
      expect(seen.trained.startsWith(seen.opening)).toBe(true);
      expect(seen.opening.match(/<end_of_turn>/g)).toHaveLength(1);
      expect(seen.packed_trained).toBe(seen.trained_tokens);
    }
  });
});
