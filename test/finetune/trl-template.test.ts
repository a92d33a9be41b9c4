import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textCalls } from '../../baselines/model-loop/text-calls.ts';
import { jinjaTemplate } from '../../core/models/chat-template.ts';
import type { ChatMessage, ModelCall } from '../../core/models/model-client.ts';
import type { JsonObject } from '../../core/json.ts';
import type { MetaTool } from '../../core/types.ts';
import toolView from '../../envs/views/tool.ts';
import { metaToolsOf } from '../../finetune/ors/offered-tools.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { dialects, templateOf, type Dialect } from './dialects.ts';
import { hasTrainer, howToAdd, pythonSays, tinyModel } from './python.ts';

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

const begin = '<bos>';
const templateIn = (dialect: Dialect) => jinjaTemplate(templateOf(dialect), { begin, ends: [dialect.end] }, 'of ours');

describe.each(Object.entries(dialects))('the chat template as %s writes', (_, dialect) => {
  const template = templateIn(dialect);
  const { user, assistant, tool, end, call } = dialect;

  test.each(conversations.map((messages) => ({ messages })))(
    'only ever appends, and names tools by their parameters alone',
    ({ messages }) => {
      let before = '';
      for (let last = 2; last <= messages.length; last++) {
        const text = template.render(messages.slice(0, last), tools, false);
        expect(text.startsWith(before)).toBe(true);
        if (messages[last]?.role === 'assistant')
          expect(template.render(messages.slice(0, last), tools, true)).toBe(text + assistant.open);
        before = text;
      }
      const list =
        'Tools: call_tool(arguments, server, tool), finish(answer), list_servers(), list_tools(server), load_tools(server, tools)';
      const opening = `${list}\nServers:\n- files: keeps files\nWrite “ü” into 'a "b"'.`;
      const first = (dialect.begin ? begin : '') + user.open + opening + user.close;
      expect(before.startsWith(first + assistant.open + call.before)).toBe(true);
      expect(before.endsWith(`${call.after}${end}${assistant.close}${tool.open}Finished.${tool.close}`)).toBe(true);
    },
  );

  test('is the same for tools in another order, and has no blank line but in its turns', () => {
    const [messages = []] = conversations;
    const text = template.render(messages, tools, true);
    expect(template.render(messages, tools.toReversed(), true)).toBe(text);
    const turns = [user.open, assistant.open, tool.open].filter((one) => one.endsWith('\n\n'));
    expect(turns.reduce((left, one) => left.replaceAll(one, ''), text)).not.toContain('\n\n');
    expect(template.render(messages, [], true)).toContain(`${user.open}Servers:`);
  });

  test('writes calls as servers do that keep no text, compact with sorted keys, and the engine reads them back', () => {
    const [, messages = []] = conversations;
    const text = template.render(messages, tools, false);
    expect(text).toContain(
      call.before +
        `call_tool${call.middle}` +
        String.raw`{"arguments":{"content":"ü\n\t\\ 🙂 </b> ’` +
        '\u007f' +
        String.raw`","deep":{"a":{"x":{},"y":true},"z":[1,-2.5,null]},"path":"a \"b\""},"server":"files","tool":"write_file"}` +
        call.after +
        end,
    );
    const replies = text
      .split(assistant.open)
      .slice(1)
      .map((rest) => rest.slice(0, rest.indexOf(end)));
    expect(replies.map((reply) => textCalls(reply).calls)).toEqual(
      messages.flatMap(({ calls }) =>
        calls ? [calls.map(({ name, arguments: args }) => ({ name, arguments: args }))] : [],
      ),
    );
  });

  test('tells several calls of a turn apart', () => {
    const [one, other] = [called('finish', {}), called('list_servers', {})];
    const text = template.render(
      [
        { role: 'user', content: 'Go.' },
        { role: 'assistant', content: '', calls: [one, other] },
      ],
      tools,
      false,
    );
    const written = [one, other].map(({ name }) => `${call.before}${name}${call.middle}{}${call.after}`);
    expect(text.endsWith(written.join(call.between) + end + assistant.close)).toBe(true);
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

  const template = templateIn(dialects['gemma-3'] as Dialect);

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
