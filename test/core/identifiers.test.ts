import { stripTypeScriptTypes } from 'node:module';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeName, identifiersOf } from '../../core/identifiers.ts';

test('names become identifiers, and those that are identifiers stay', () => {
  const expected = [
    ['read-note', 'read_note_2'],
    ['read_note', 'read_note'],
    ['read note', 'read_note_3'],
    ['delete', 'delete_'],
    ['1st', '_1st'],
    ['été', 'été'],
    ['', '_'],
    ['then', 'then_'],
    ['__proto__', '__proto___'],
    ['a.b', 'a_b'],
    ['Math', 'Math_'],
  ] as const;
  const names = expected.map(([name]) => name);
  expect(identifiersOf([...names, 'a.b'])).toEqual(new Map(expected));
  expect(freeName('a', new Set(['a', 'a_2']))).toBe('a_3');
});

const word = fc.constantFrom(
  'a',
  'a_b',
  'a-b',
  'a b',
  'a_b_2',
  'delete',
  'delete_',
  '1st',
  'line\nbreak',
  '"',
  '',
  '\u2028',
);

test('any names become identifiers that differ, also in their order and to TypeScript', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 6, unit: 'grapheme' }))), (names) => {
      const identifiers = identifiersOf(names);
      expect(new Set(identifiers.keys())).toEqual(new Set(names));
      expect(new Set(identifiers.values()).size).toBe(identifiers.size);
      for (const one of identifiers.values())
        expect(() => stripTypeScriptTypes(`declare function ${one}(): void;`), one).not.toThrow();
    }),
  );
});
