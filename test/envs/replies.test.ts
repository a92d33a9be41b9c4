import { describe, expect, test } from 'vitest';
import { resultOf, type RawReply } from '../../envs/processes/reply.ts';

const content = (...parts: readonly unknown[]): RawReply => ({ result: { content: parts } });

describe('a reply of the shape that MCP asks for', () => {
  test('is its text parts, and its error is the error of the tool', () => {
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'image', data: '' },
      { type: 'text', text: 'b' },
    ];
    expect(resultOf('stub', content(...parts))).toEqual({ text: 'a\nb', isError: false });
    expect(resultOf('stub', { result: { content: [], isError: true } })).toEqual({ text: '', isError: true });
    expect(resultOf('stub', { result: {} })).toEqual({ text: '', isError: false });
    expect(resultOf('stub', { error: { code: -32602, message: 'no x' } })).toEqual({ text: 'no x', isError: true });
    expect(resultOf('stub', { error: null, result: {} })).toEqual({ text: '', isError: false });
  });
});

describe('a reply of another shape', () => {
  test.each<[string, RawReply, RegExp]>([
    ['an error without message', { error: { code: -32000 } }, /error without a message in words: \{"code":-32000\}/],
    ['an error with a number for text', { error: { message: 5 } }, /in words: 5$/],
    ['an error with an object for text', { error: { message: { why: 'x' } } }, /in words: \{"why":"x"\}/],
    ['an error with null for text', { error: { message: null } }, /in words: \{"message":null\}/],
    ['an error that is a number', { error: 7 }, /in words: 7$/],
    ['an error that is a list', { error: ['x'] }, /in words: \["x"\]/],
    ['neither result nor error', {}, /a result that is no object: nothing/],
    ['null for a result', { result: null }, /no object: null/],
    ['a list for a result', { result: [1] }, /no object: \[1\]/],
    ['a number for content', { result: { content: 5 } }, /content that is no list: 5/],
    ['a part without type', content({ note: 'a' }), /content part 1, which has no type/],
    ['far too much of it', { result: ['x'.repeat(10 ** 6)] }, /^.{0,400}$/],
    ['a wish for input', { result: { resultType: 'input_required' } }, /a result of type "input_required"/],
    ['a part that is null', content(null), /content part 1, which is no object: null/],
    ['a part with a number for text', content({ type: 'text', text: 5 }), /whose text is no text: 5/],
    ['a part without text', content({ type: 'text' }), /whose text is no text: nothing/],
  ])('is an error that names the server and shows the place: %s', (_, reply, words) => {
    const { text, isError } = resultOf('stub', reply);
    expect(isError).toBe(true);
    expect(text).toMatch(words);
    expect(text).toMatch(/^Server stub answered with /);
  });

  test('keeps an error that is plain text', () => {
    expect(resultOf('stub', { error: 'no such table' })).toEqual({ text: 'no such table', isError: true });
  });
});

describe('a bare text', () => {
  test.each<[string, RawReply]>([
    ['for a result', { result: 'done' }],
    ['for content', { result: { content: 'done' } }],
    ['for a part', content('done')],
    ['without a type', content({ text: 'done' })],
    ['as the only part, outside a list', { result: { content: { type: 'text', text: 'done' } } }],
  ])('is taken %s', (_, reply) => {
    expect(resultOf('stub', reply)).toEqual({ text: 'done', isError: false });
  });
});

const whole = (reply: RawReply) => resultOf('stub', reply, true);

const structured = (structuredContent: unknown, ...texts: readonly string[]) =>
  whole({ result: { content: texts.map((text) => ({ type: 'text', text })), structuredContent } }).text;

describe('a result of a user’s own server', () => {
  test('shows structured content that the text does not say, and what the text says once', () => {
    const code = { code: 'K7', total: 12.5 };
    expect(structured(code)).toBe('{"code":"K7","total":12.5}');
    expect(structured(code, 'The invoice.')).toBe('The invoice.\n{"code":"K7","total":12.5}');
    expect(structured(code, '{ "total": 12.5, "code": "K7" }')).toBe('{ "total": 12.5, "code": "K7" }');
    expect(structured({ result: 'K7' }, 'K7')).toBe('K7');
    expect(structured({ result: ['a', 'b'] }, 'a', 'b')).toBe('a\nb');
    expect(structured({ result: [{ n: 1 }, { n: 2 }] }, '{"n":1}', '{"n":2}')).toBe('{"n":1}\n{"n":2}');
    expect(structured(null, 'a')).toBe('a');
    expect(whole({ result: { structuredContent: code } }).structured).toBe('{"code":"K7","total":12.5}');
  });

  test('keeps the data of errors, and their codes', () => {
    expect(whole({ error: { code: -32602, message: 'Invalid', data: { hint: 'x' } } })).toEqual({
      text: 'Invalid (error -32602)\n{"hint":"x"}',
      isError: true,
    });
    expect(whole({ error: { code: 1, message: 'Invalid', data: 'why' } }).text).toBe('Invalid (error 1)\nwhy');
    const failed = whole({ result: { isError: true, content: [], structuredContent: { why: 'x' } } });
    expect(failed).toMatchObject({ text: '{"why":"x"}', isError: true });
  });

  test('keeps images and sound as they came, and a line for each', () => {
    const { text, media } = whole(
      content(
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'text', text: 'b' },
        { type: 'resource', resource: { uri: 'x:y', mimeType: 'image/jpeg', blob: 'AAAAAA==' } },
        { type: 'resource', resource: { uri: 'x:t', text: 'long' } },
      ),
    );
    expect(text).toBe('[image: image/png, 3 bytes]\nb\n[resource x:y: image/jpeg, 4 bytes]\n[resource x:t]\nlong');
    expect(media).toEqual([
      { kind: 'image', mimeType: 'image/png', data: 'AAAA' },
      { kind: 'image', mimeType: 'image/jpeg', data: 'AAAAAA==' },
    ]);
  });

  test('shows a result of another form as its JSON, and mends half a character', () => {
    expect(whole({ result: { toolResult: 5, _meta: {} } }).text).toBe('{"toolResult":5}');
    expect(whole(content({ type: 'text', text: 'a\uD83D' })).text).toBe('a\uFFFD');
  });

  test('of the catalogue’s servers is its text alone, as ever', () => {
    const reply = content({ type: 'text', text: 'a' }, { type: 'resource', resource: { uri: 'x', text: 'b' } });
    const result = { ...(reply.result as object), structuredContent: { c: 1 } };
    expect(resultOf('stub', { result })).toEqual({ text: 'a', isError: false });
  });
});
