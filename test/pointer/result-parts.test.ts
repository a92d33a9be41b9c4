import { describe, expect, test } from 'vitest';
import { resultParts } from '../../baselines/pointer/result-parts.ts';

/** What leads to each part, its type, and whether it is all text. */
const named = (shape: Parameters<typeof resultParts>[0]) =>
  resultParts(shape).map(({ at, type, isText }) => [
    at.map((step) => (typeof step === 'string' ? step : 0)).join('.'),
    type,
    isText,
  ]);

describe('what results hold, by what they look like', () => {
  const text = { type: 'string' };

  test('is all of a text, and of what nobody knows', () => {
    expect(named(undefined)).toEqual([['', 'string', true]]);
    expect(named(text)).toEqual([['', 'string', true]]);
  });

  test('is the leaves of objects, and those of the first item of a list', () => {
    const entities = {
      type: 'array',
      items: { type: 'object', properties: { name: text, size: { type: 'integer' } } },
    };
    expect(
      named({ type: 'object', properties: { entities, ok: { type: 'boolean' }, note: { type: ['null', 'string'] } } }),
    ).toEqual([
      ['entities.0.name', 'string', false],
      ['entities.0.size', 'number', false],
      ['note', 'string', false],
    ]);
    expect(named({ type: 'object', properties: { text, lines: { type: 'number' } } })).toEqual([
      ['text', 'string', true],
      ['lines', 'number', false],
    ]);
  });

  test('is nothing of what tells nothing, however deep or odd', () => {
    const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ type: 'array', items: inner }), text);
    for (const shape of [deep, {}, { type: 'object' }, { type: 'array', items: 3 }, { properties: [1] }])
      expect(named(shape as never)).toEqual([]);
  });
});
