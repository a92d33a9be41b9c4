import { calculate } from '../../tasks/step.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './units.json' with { type: 'json' };

/** Units with a whole factor between them, as the server abbreviates them. */
const factors = [
  { from: 'h', to: 'min', factor: 60 },
  { from: 'min', to: 's', factor: 60 },
  { from: 'ft', to: 'in', factor: 12 },
  { from: 'yd', to: 'ft', factor: 3 },
  { from: 'day', to: 'h', factor: 24 },
  { from: 'week', to: 'day', factor: 7 },
];

/** A whole number of one unit in another one, as a number. */
export default {
  name: 'units',
  home: 'calc',
  gives: ['number'],
  isComputed: true,
  placeKind: 'number',
  texts,
  lookUp: ({ draw, start }) => {
    const place = drawValue(draw, 'number');
    const { from, to, factor } = draw.pick(factors);
    return {
      start,
      steps: [calculate('convert', { value: Number(place), from, to })],
      values: { place, from, to },
      needed: `${Number(place) * factor}`,
      place,
    };
  },
} satisfies Source;
