import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { declarationsOf } from '../../core/declarations/declarations.ts';
import { shapeOf } from '../../core/declarations/shape.ts';
import type { Json } from '../../core/json.ts';
import { valueFaults } from '../../envs/argument-check.ts';
import { isWhole } from '../whole.ts';

const promised = (...values: readonly Json[]): string | undefined =>
  /Promise<([^]*)>;\n\}\n$/.exec(
    declarationsOf([{ server: 'shop', name: 'find', description: '', inputSchema: {}, resultShape: shapeOf(values) }]),
  )?.[1];

describe('what results look like', () => {
  test.each<[string, readonly Json[], string]>([
    ['text', ['a', 'b'], 'string'],
    ['a name that not all have', [{ a: 1, b: 'x' }, { a: 2 }], '{\n    a: number;\n    b?: string;\n  }'],
    ['a value that may be none', [{ a: null }, { a: true }], '{\n    a: boolean | null;\n  }'],
    ['what was never there', [{ a: null }], '{\n    a: unknown;\n  }'],
    ['lists of what all items have', [[{ a: 1 }], [{ a: 2 }, { a: 3 }]], '{\n    a: number;\n  }[]'],
    ['empty lists', [[]], 'unknown[]'],
    ['names that are data', [{ 'notes/a.md': 3, 'b c.md': 4 }], 'Record<string, number>'],
    ['rows of different tables', [[{ id: 1 }, { title: 'a' }]], 'Record<string, number | string>[]'],
    ['text or a list', ['none', ['a']], 'string[] | string'],
  ])('%s', (_, values, expected) => expect(promised(...values)).toBe(expected));

  test('is bounded in depth and size', () => {
    let deep: Json = 1;
    for (let level = 0; level < 100; level++) deep = { in: [deep] };
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`name${index}`, index]));
    for (const value of [deep, wide]) expect(JSON.stringify(shapeOf([value])).length).toBeLessThan(600);
    expect(promised(wide)).toBe('Record<string, number>');
  });

  test('fits every value that it was made of, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 6 }), { minLength: 1, maxLength: 6 }), (given) => {
        const values = given as readonly Json[];
        const shape = shapeOf(values);
        expect(shapeOf(values.toReversed())).toEqual(shape);
        for (const value of values) expect(valueFaults(shape, value, 'it')).toBeUndefined();
      }),
      { numRuns: isWhole ? 300 : 60 },
    );
  });
});
