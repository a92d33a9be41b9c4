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
    ['text for a result', { result: 'done' }, /no object: "done"/],
    ['a list for a result', { result: [1] }, /no object: \[1\]/],
    ['text for content', { result: { content: 'done' } }, /content that is no list: "done"/],
    ['an object for content', { result: { content: { type: 'text' } } }, /content that is no list/],
    ['null for content', { result: { content: null } }, /content that is no list: null/],
    ['a part that is null', content(null), /content part 1, which is no object: null/],
    ['a part that is text', content({ type: 'text', text: 'a' }, 'b'), /content part 2, which is no object: "b"/],
    ['a part without type', content({ text: 'a' }), /content part 1, which has no type/],
    ['a part with a number for text', content({ type: 'text', text: 5 }), /whose text is no text: 5/],
    ['a part without text', content({ type: 'text' }), /whose text is no text: nothing/],
    ['far too much of it', { result: 'x'.repeat(10 ** 6) }, /^.{0,400}$/],
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
