import { assert, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { TaskFailure } from '../../core/errors.ts';
import { hasMatch } from '../../judges/truth/bounded-pattern.ts';
import { passes } from '../../judges/truth/text-test.ts';

test('a search gives what the engine gives', () => {
  const sources = ['^$', '^\\p{L}+$', 'a|b', '(?<=x)y', '\\bz', '[^\\s]{2,}', '.', '^\\u{1f44d}'];
  assert(
    property(constantFrom(...sources), string({ unit: 'binary' }), (source, text) => {
      expect(hasMatch(source, text)).toBe(new RegExp(source, 'u').test(text));
    }),
  );
});

test('a search that doubles with each letter is ended with a sentence, and the next one works', () => {
  expect(() => hasMatch('^(a+)+$', `${'a'.repeat(60)}b`, 200)).toThrow(TaskFailure);
  expect(() => hasMatch('^(a+)+$', `${'a'.repeat(60)}b`, 200)).toThrow(/did not end within 0.2 s.*repetition/);
  expect(passes({ matches: '^(a+)+$' }, 'aaa')).toBe(true);
});

test('a pattern that flag u alone forbids is taken without it, but not where it would mean something else', () => {
  expect(hasMatch('^https\\:\\/\\/[\\w\\-\\@]+$', 'https://a-b@c')).toBe(true);
  expect(hasMatch('^https\\:\\/\\/$', 'http://')).toBe(false);
  for (const source of ['\\:\\p{L}', '\\-\\u{1f44d}', '(?<a>x)\\k<a>\\:', '\\:('])
    expect(() => hasMatch(source, 'x'), source).toThrow(TaskFailure);
});

test("what is no regular expression is the task file's fault", () => {
  expect(() => passes({ matches: '(' }, 'a')).toThrow(TaskFailure);
});
