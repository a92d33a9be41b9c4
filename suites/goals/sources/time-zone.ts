import type { Source } from '../../tasks/sub-goal.ts';
import { convertedTime, convertTime, drawTime, drawZone } from '../../tasks/time-steps.ts';
import { drawValue } from '../values.ts';
import texts from './time-zone.json' with { type: 'json' };

/** What the clocks of one time zone show at a time given for another, which differs. */
export default {
  name: 'time-zone',
  home: 'time',
  gives: [],
  isComputed: true,
  placeKind: 'zone',
  texts,
  lookUp: ({ draw, start }) => {
    const place = drawValue(draw, 'zone');
    const [zone, time] = [drawZone(draw, place), drawTime(draw)];
    return {
      start,
      steps: [convertTime(time, zone, place)],
      values: { time, zone, place },
      needed: convertedTime(time, zone, place),
      place,
    };
  },
} satisfies Source;
