import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCall } from '../../baselines/model-loop/parse-call.ts';
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
    expect(parseCall(reply)).toEqual(call);
  });
});

describe('replies without a call', () => {
  test.each([
    ['prose', 'I have done it.'],
    ['nothing', ''],
    ['JSON without a name', '{"arguments": {}}'],
    ['JSON without arguments', '{"name": "finish"}'],
    ['arguments that are no object', '{"name": "finish", "arguments": [1]}'],
    ['broken JSON', '<tool_call>{"name": "finish", "arguments": {</tool_call>'],
    ['a call in unfinished thinking', '<think>Perhaps {"name":"finish","arguments":{}}'],
  ])('%s', (_title, reply) => {
    expect(parseCall(reply)).toBeNull();
  });
});

const prose = (text: string) => text.replaceAll(/[{}<]/g, '');

test('no text makes it fail, and a call between marks is found amid any prose without braces', () => {
  const junk = array(constantFrom('{', '}', '"', '\\', '<tool_call>', '</think>', '{"name":', 'x', '[')).map((parts) =>
    parts.join(''),
  );
  assert(
    property(junk, (text) => {
      parseCall(text);
    }),
    { numRuns: 2_000 },
  );
  assert(
    property(string(), string(), (before, after) => {
      expect(parseCall(`${prose(before)}<tool_call>${json}</tool_call>${prose(after)}`)).toEqual(call);
    }),
  );
});

test('a hundred thousand braces take no time', () => {
  expect(parseCall('{'.repeat(100_000))).toBeNull();
});
