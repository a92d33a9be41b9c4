import { sinkNamed } from '../goals/sub-goal-list.ts';
import { recordingOf } from '../goals/lookups.ts';
import { goalWording } from '../goals/wording.ts';
import type { Family } from '../tasks/family.ts';
import { startState } from '../tasks/start-state.ts';
import { compose, type Part } from '../tasks/sub-goal.ts';

const sinks = ['entity', 'file', 'note', 'observation', 'page', 'task'].map(sinkNamed);

/** One to six things to write down, each given in full: shape `k − 1` has `k` of them, all drawn alike. */
export default {
  name: 'rungs',
  wording: goalWording({ sinks }),
  hasStandIns: false,
  shapes: 6,
  draft: (draw, roles, shape) => {
    let start = startState(draw);
    const parts: Part[] = [];
    while (parts.length <= shape) {
      const recording = recordingOf({ draw, roles, start }, draw.pick(sinks), draw.sentence(), 'literal', []);
      ({ start } = recording);
      parts.push(recording.part);
    }
    return compose(start, parts);
  },
} satisfies Family;
