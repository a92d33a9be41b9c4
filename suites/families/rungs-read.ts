import { sinkNamed, sourceNamed } from '../goals/sub-goal-list.ts';
import { chainOfLookups, recordingOf } from '../goals/lookups.ts';
import { goalWording } from '../goals/wording.ts';
import type { Family } from '../tasks/family.ts';
import { startState } from '../tasks/start-state.ts';
import { compose, type Part } from '../tasks/sub-goal.ts';

const sources = ['board-description', 'file-line', 'graph-observation', 'page-line', 'vault-note'].map(sourceNamed);
const answer = sinkNamed('answer');

/** One to six things to look up and tell: shape `k − 1` has `k` of them, all drawn alike. */
export default {
  name: 'rungs-read',
  wording: goalWording({ sources, sinks: [answer] }),
  hasStandIns: false,
  shapes: 6,
  draft: (draw, roles, shape) => {
    let start = startState(draw);
    const parts: Part[] = [];
    const items: string[] = [];
    while (parts.length <= shape) {
      const lookup = chainOfLookups({ draw, roles, start }, [draw.pick(sources)], 'text', parts.length);
      ({ start } = lookup);
      parts.push(...lookup.parts);
      items.push(lookup.found);
    }
    const reference = items.join('\n');
    const { part } = recordingOf({ draw, roles, start }, answer, reference, shape === 0 ? 'found' : 'list', [
      ...parts.keys(),
    ]);
    return compose(start, [...parts, shape === 0 ? part : { ...part, answer: { test: { items }, reference } }]);
  },
} satisfies Family;
