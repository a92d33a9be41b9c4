import { calculate } from '../../tasks/step.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './sum.json' with { type: 'json' };

/** The value of a product and a sum of whole numbers. */
export default {
  name: 'sum',
  home: 'calc',
  gives: ['number'],
  isComputed: true,
  placeKind: 'expression',
  texts,
  lookUp: ({ draw, start }) => {
    const place = drawValue(draw, 'expression');
    const [first = 0, second = 0, third = 0] = place.split(/ [*+] /).map(Number);
    const needed = `${first * second + third}`;
    return {
      start,
      steps: [calculate('math', { expression: place }, needed)],
      values: { place },
      needed,
      place,
    };
  },
} satisfies Source;
