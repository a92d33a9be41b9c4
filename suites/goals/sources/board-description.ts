import { listTasks, withTasks } from '../../tasks/board-steps.ts';
import type { Source } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './board-description.json' with { type: 'json' };

/** The description of one of several tasks on the board. */
export default {
  name: 'board-description',
  home: 'dex-tasks',
  gives: null,
  isComputed: false,
  placeKind: 'title',
  texts,
  lookUp: ({ draw, start }, wanted) => {
    const place = drawValue(draw, 'title');
    const isTaken = start.board.some((task) => task.name === place);
    if (isTaken) throw new RangeError(`there is a task ${place} already`);
    const others = [1, 2].map(() => ({ name: drawValue(draw, 'title'), description: draw.sentence() }));
    return {
      start: withTasks(start, draw.shuffle([{ name: place, description: wanted }, ...others])),
      steps: [listTasks(place)],
      values: { place },
      needed: wanted,
      place,
    };
  },
} satisfies Source;
