import { describe, expect, test } from 'vitest';
import { EndpointFault } from '../../core/models/fault.ts';
import { UnparsedCall } from '../../core/models/model-client.ts';
import { readCompletion } from '../../core/models/openai-reply.ts';

const reading = (message: object, rest: object = {}) =>
  readCompletion(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop', ...rest }], usage: {} }));
const calling = (...calls: object[]) => reading({ content: null, tool_calls: calls }).calls;
const called = (args: unknown) => calling({ id: 'a', type: 'function', function: { name: 'f', arguments: args } })[0];

describe('arguments', () => {
  test.each([
    ['an object as text', '{"a":1}', { a: 1 }],
    ['an object', { a: 1 }, { a: 1 }],
    ['nothing', '', {}],
    ['blanks', ' \n', {}],
    ['null', null, {}],
    ['null as text', 'null', {}],
    ['left out', undefined, {}],
    ['encoded twice', JSON.stringify('{"a":1}'), { a: 1 }],
    ['encoded three times', JSON.stringify(JSON.stringify('{"a":1}')), { a: 1 }],
    ['a list', '[1]', null],
    ['a number', '7', null],
    ['cut off', '{"a":', null],
  ])('%s', (_form, written, args) => {
    expect(called(written)?.arguments).toEqual(args);
  });
});

describe('calls, wherever they stand', () => {
  const f = { name: 'f', arguments: { a: 1 } };
  test.each([
    ['a list', { tool_calls: [{ id: 'x', type: 'function', function: f }] }],
    ['one by itself', { tool_calls: { id: 'x', type: 'function', function: f } }],
    ['without the inner object', { tool_calls: [{ id: 'x', ...f }] }],
    ['parameters', { tool_calls: [{ function: { name: 'f', parameters: { a: 1 } } }] }],
    ['the older field', { function_call: { name: 'f', arguments: '{"a":1}' } }],
    [
      'parts of the content',
      {
        content: [
          { type: 'text', text: '' },
          { type: 'tool_use', id: 'x', name: 'f', input: { a: 1 } },
        ],
      },
    ],
  ])('%s', (_place, message) => {
    expect(reading(message).calls).toMatchObject([f]);
  });

  test('one without a name, or that is nothing at all, is no call that could be carried out', () => {
    expect(calling({ function: { arguments: '{}' } }, { function: null })).toMatchObject([{ name: '' }, { name: '' }]);
  });

  test('a signature goes back with its call', () => {
    const extra = { google: { thought_signature: 'abc' } };
    expect(calling({ function: f, extra_content: extra })).toMatchObject([{ echo: { extra_content: extra } }]);
  });
});

describe('text and thinking', () => {
  test.each([
    ['a text', { content: 'Hi.' }, 'Hi.', ''],
    ['null', { content: null }, '', ''],
    [
      'parts',
      {
        content: [
          { type: 'text', text: 'H' },
          { type: 'output_text', text: 'i.' },
        ],
      },
      'Hi.',
      '',
    ],
    ['a part by itself', { content: { type: 'text', text: 'Hi.' } }, 'Hi.', ''],
    ['texts in a list', { content: ['H', 'i.'] }, 'Hi.', ''],
    [
      'a thinking part',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
          { type: 'text', text: 'Hi.' },
        ],
      },
      'Hi.',
      'Hm.',
    ],
    ['a thinking field', { content: 'Hi.', reasoning_content: 'Hm.' }, 'Hi.', 'Hm.'],
    ['another one', { content: 'Hi.', reasoning: 'Hm.' }, 'Hi.', 'Hm.'],
    ['details of it', { content: 'Hi.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] }, 'Hi.', 'Hm.'],
    ['a refusal', { content: null, refusal: 'No.' }, 'No.', ''],
  ])('%s', (_form, message, text, reasoning) => {
    expect(reading(message)).toMatchObject({ text, reasoning });
  });

  test('thinking goes back in the fields that it came in', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'x' }];
    const reply = reading({ content: '', reasoning: 'Hm.', reasoning_details: details, reasoning_content: null });
    expect(reply.echo).toEqual({ reasoning: 'Hm.', reasoning_details: details });
    expect(reading({ content: 'Hi.' }).echo).toBeUndefined();
  });
});

describe('no reply', () => {
  test.each([
    ['no choices yet', '{"choices": []}', true],
    ['no message', '{"choices": [{}]}', true],
    ['cut off', '{"choices": [{"mess', true],
    ['nothing', '', true],
    ['an error with a status that stays', '{"error": {"code": 400, "message": "bad option"}}', false],
    ['an error with one that passes', '{"error": {"code": 429, "message": "busy"}}', true],
    [
      'an error inside a choice',
      '{"choices": [{"error": {"code": 502, "message": "x"}, "message": {"content": ""}}]}',
      true,
    ],
    [
      'an ending of the endpoint’s own',
      '{"choices": [{"finish_reason": "network_error", "message": {"content": ""}}]}',
      true,
    ],
  ])('%s', (_form, body, isPassing) => {
    const error = (() => {
      try {
        return readCompletion(body);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(EndpointFault);
    expect((error as EndpointFault).isPassing).toBe(isPassing);
  });

  test('a call that the endpoint could not read', () => {
    expect(() => reading({ content: null }, { finish_reason: 'MALFORMED_FUNCTION_CALL' })).toThrow(UnparsedCall);
  });
});
