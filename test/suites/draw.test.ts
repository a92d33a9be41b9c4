import { expect, test } from 'vitest';
import { drawFrom, type Draw } from '../../suites/tasks/draw.ts';

/** Draws until there is nothing new. */
function drained(draw: () => string | number): { readonly texts: readonly (string | number)[]; readonly why: string } {
  const texts: (string | number)[] = [];
  for (;;)
    try {
      texts.push(draw());
    } catch (error) {
      return { texts, why: (error as Error).message };
    }
}

test.each<[string, (draw: Draw) => string | number]>([
  ['nouns', (draw) => draw.word('nouns')],
  ['names', (draw) => draw.name()],
  ['persons', (draw) => draw.person()],
  ['numbers from 10 to below 60', (draw) => draw.number(10, 60)],
  ['numbers from 0 to below 0', (draw) => draw.number(0, 0)],
])('a family that draws all %s of a pool is told so, with its name and the pool', (kind, next) => {
  const draw = drawFrom('validation', 1, 'greedy');
  const { texts, why } = drained(() => next(draw));
  expect(new Set(texts).size).toBe(texts.length);
  expect(why).toContain(`The family greedy draws more ${kind} for one task than the pool validation has`);
  const again = drawFrom('validation', 2, 'greedy');
  expect(new Set(drained(() => next(again)).texts), 'nothing was left behind').toEqual(new Set(texts));
});
