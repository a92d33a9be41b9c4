import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textCalls } from '../../baselines/model-loop/text-calls.ts';
import { toolCallText } from '../../core/tokens/template.ts';

const call = { name: 'call_tool', arguments: { server: 'memory', text: 'a } in "a" {string' } };
const json = JSON.stringify(call);

describe('calls that are found', () => {
  test.each([
    ['between marks', `Sure.\n<tool_call>\n${json}\n</tool_call>\nDone.`],
    ['as Qwen3 writes it', toolCallText(call)],
    ['the closing mark missing', `<tool_call>${json}`],
    ['in a code fence', `I will call it:\n\`\`\`json\n${json}\n\`\`\``],
    ['bare amid prose with braces', `Given {this} and {"that": 1}, so ${json} it is.`],
    ['after thinking that holds another call', `<think>{"name":"finish","arguments":{}}</think>${json}`],
    ['the marked one before an earlier one', `{"name":"finish","arguments":{}} <tool_call>${json}</tool_call>`],
    ['arguments as text', JSON.stringify({ name: call.name, arguments: JSON.stringify(call.arguments) })],
    ['other keys', JSON.stringify({ tool: call.name, parameters: call.arguments })],
    ['inside function', JSON.stringify({ type: 'function', function: call })],
  ])('%s', (_title, reply) => {
    expect(textCalls(reply)).toEqual({ calls: [call], isMeant: true });
  });
});

const marked = (text: string) => `<tool_call>\n${text}\n</tool_call>`;

describe('several calls in one reply', () => {
  const other = { name: 'finish', arguments: { answer: 'done' } };

  test('all between marks are found, in their order, a broken one passed over', () => {
    const reply = `First.\n${marked(json)}\nThen\n${marked('{"name": ')}\n${marked(JSON.stringify(other))}`;
    expect(textCalls(reply)).toEqual({ calls: [call, other], isMeant: true });
  });

  test('without marks the first is taken', () => {
    expect(textCalls(`${json}\n${JSON.stringify(other)}`)).toEqual({ calls: [call], isMeant: true });
  });
});

describe('replies without a call', () => {
  test.each([
    ['prose', 'I have done it.', false],
    ['nothing', '', false],
    ['JSON without a name', '{"arguments": {}}', false],
    ['JSON without arguments', '{"name": "finish"}', false],
    ['arguments that are no object', '{"name": "finish", "arguments": [1]}', false],
    ['broken JSON', '<tool_call>{"name": "finish", "arguments": {</tool_call>', true],
    ['a call in unfinished thinking', '<think>Perhaps {"name":"finish","arguments":{}}', false],
  ])('%s', (_title, reply, isMeant) => {
    expect(textCalls(reply)).toEqual({ calls: [], isMeant });
  });
});

const prose = (text: string) => text.replaceAll(/[{}<]/g, '');

test('no text makes it fail, and a call between marks is found amid any prose without braces', () => {
  const junk = array(constantFrom('{', '}', '"', '\\', '<tool_call>', '</think>', '{"name":', 'x', '[')).map((parts) =>
    parts.join(''),
  );
  assert(
    property(junk, (text) => {
      textCalls(text);
    }),
    { numRuns: 2_000 },
  );
  assert(
    property(string(), string(), (before, after) => {
      expect(textCalls(`${prose(before)}<tool_call>${json}</tool_call>${prose(after)}`).calls).toEqual([call]);
    }),
  );
});

test('a hundred thousand braces take no time', () => {
  expect(textCalls('{'.repeat(100_000)).calls).toEqual([]);
});
