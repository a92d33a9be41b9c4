import { describe, expect, test } from 'vitest';
import modelLoop from '../../baselines/model-loop/model-loop.ts';
import { textCalls, type TextReading } from '../../baselines/model-loop/text-calls.ts';
import type { Execution } from '../../core/execution.ts';
import type { JsonObject } from '../../core/json.ts';
import ollamaClient from '../../core/models/ollama.ts';
import { callsOf } from '../../core/trajectory.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import eager from '../../envs/views/eager.ts';
import { fakeServer, ollamaLines } from './fake-server.ts';
import { clientOptions } from './request.ts';
import { tinyEpisode, tinyTask } from './tiny-world.ts';

const code = "const said = await notes.add_note({ text: 'blue' });\nsaid.length";
const fence = (text: string, language = 'js') => `\`\`\`${language}\n${text}\n\`\`\``;
const finish = '<tool_call>\n{"name": "finish", "arguments": {"answer": "noted"}}\n</tool_call>';

/** An episode of a model whose server knows no tools, and which replies so. */
async function played(replies: readonly string[], execution: Execution) {
  let replied = 0;
  const server = await fakeServer(({ body }) =>
    body.tools
      ? { status: 400, body: { error: 'tiny does not support tools' } }
      : { body: ollamaLines({ content: replies[replied++] ?? finish }) },
  );
  try {
    const policy = modelLoop({ client: ollamaClient({ model: 'tiny', host: server.url, ...clientOptions }) });
    const limits = { contextTokens: 4_000, resultTokens: 1_000 };
    const { signal } = new AbortController();
    const { trajectory } = await tinyEpisode(policy, limits, signal, tinyTask, withExecution(eager, execution));
    return { trajectory, messages: server.requests.at(-1)?.body.messages as { readonly content: string }[] };
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

test.each(['programs', 'both'] as const)(
  'with %s a fenced program is run, and a worked one shown',
  async (execution) => {
    const { trajectory, messages } = await played([`I note it.\n${fence(code)}`], execution);
    expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
    expect(callsOf(trajectory).map(({ action, isInside }) => [action.name, isInside])).toEqual([
      ['call_tool', true],
      ['run_program', undefined],
      ['finish', undefined],
    ]);
    expect(trajectory.turns[0]).toMatchObject({ callsInText: true, text: `I note it.\n${fence(code)}` });
    expect(messages.at(-1)?.content).toBe('<tool_response>\n13\n</tool_response>');
    expect(messages[0]?.content).toContain('await Promise.all(');
    expect(messages[0]?.content).toContain("```js\nconst page = await wiki.read_page({ name: 'a' });");
  },
);

test('where there are no programs, code is talk, and the prompt says nothing of it', async () => {
  const { trajectory, messages } = await played([fence(code)], 'calls');
  expect(trajectory.turns[0]?.lost).toBe('no-call');
  expect(messages[0]?.content).not.toContain('```');
});

const functions = new Map<string, JsonObject>(['run_program', 'finish'].map((name) => [name, { type: 'object' }]));
const reading: TextReading = { functions, results: [] };
const program = (text: string) => ({ name: 'run_program', arguments: { code: text } });

describe('programs in a reply', () => {
  test.each([
    ['between fences', fence(code), [code]],
    ['in TypeScript, amid prose', `First\n\n${fence('let a: number = 1', 'typescript')}\nthen.`, ['let a: number = 1']],
    ['two of them', `${fence('1')}\n${fence('2', 'javascript')}`, ['1', '2']],
    ['before a call that is to follow it', `${fence('1')}\n{"name": "finish", "arguments": {}}`, ['1']],
    ['with a template text', fence('`a\n${1}`'), ['`a\n${1}`']],
    ['with lines of Windows', '```js\r\n1\r\n```', ['1']],
    ['an empty one', '```js\n```', ['']],
    ['in another language', fence('print(1)', 'python'), []],
    ['without a language', fence(code, ''), []],
    ['cut', '```js\nawait notes.add_note({', []],
    ['cut behind a whole one', `${fence('1')}\n\`\`\`js\nawait`, ['1']],
    ['in thinking', `<think>\n${fence(code)}\n</think>\nHm.`, []],
    ['that repeats what a tool said', fence('shown'), []],
  ])('%s', (_what, reply, programs) => {
    const { calls } = textCalls(reply, { ...reading, results: [fence('shown')] });
    expect(calls).toEqual(programs.map(program));
  });

  test('a marked call goes first, and a fence in its arguments is none of its own', () => {
    const marked = `<tool_call>${JSON.stringify(program(fence('1')))}</tool_call>`;
    expect(textCalls(`${marked}\n${fence('2')}`, reading).calls).toEqual([program(fence('1'))]);
  });
});
