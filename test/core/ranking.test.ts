import { array, assert, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { best, bestOf, bm25, wordsOf } from '../../core/ranking.ts';

/**
 * Worked by hand from the formula in the docstring: N 3, lengths 2, 3, 1, mean 2; ln 1.6 and
 * ln(1.6) 4.4/3.65 + ln(8/3) 2.2/2.65.
 */
test('BM25 gives the values of the formula', () => {
  const rank = bm25(['red apple', 'red red pear', 'plum']);
  const scores = rank('red pear');
  expect(scores[0]).toBeCloseTo(0.470003629246, 10);
  expect(scores[1]).toBeCloseTo(1.38085305957, 10);
  expect(scores[2]).toBe(0);
  expect(best(scores)).toBe(1);
  expect(best(rank('kiwi'))).toBe(-1);
});

test('words come apart where names join them, without plural', () => {
  expect(wordsOf('create_entities listFiles, glass pots')).toEqual([
    'create',
    'entity',
    'list',
    'file',
    'glass',
    'pot',
  ]);
});

test('the highest scores come first, the first of equals before the others, and none of 0', () => {
  assert(
    property(array(integer({ min: 0, max: 5 }), { maxLength: 40 }), integer({ min: 1, max: 50 }), (scores, most) => {
      const sorted = [...scores.keys()]
        .filter((index) => (scores[index] ?? 0) > 0)
        .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
      expect(bestOf(scores, most)).toEqual(sorted.slice(0, most));
    }),
  );
});

test('words of plain letters are those that any letters have', () => {
  assert(
    property(string({ unit: 'binary-ascii', maxLength: 40 }), (text) => {
      const withOther = wordsOf(`${text} é`);
      expect([...wordsOf(text), 'é']).toEqual(withOther);
    }),
  );
});
