import { sinkNamed, sourceNamed } from '../goals/sub-goal-list.ts';
import { isHeldOutPair } from '../goals/held-out-pairs.ts';
import { chainOfLookups, recordingOf } from '../goals/lookups.ts';
import { goalWording } from '../goals/wording.ts';
import type { Family } from '../tasks/family.ts';
import { startState } from '../tasks/start-state.ts';
import { compose, type Part, type Sink, type Source } from '../tasks/sub-goal.ts';

const triples = [
  ['file-line', 'vault-note', 'graph-observation'],
  ['board-description', 'page-line', 'sum'],
  ['graph-relation', 'file-line', 'hash'],
  ['time-zone', 'graph-observation', 'vault-tag'],
  ['page-line', 'graph-search', 'board-description'],
  ['vault-search', 'units', 'file-line'],
  ['graph-observation', 'board-description', 'vault-note'],
  ['sum', 'time-zone', 'page-line'],
  ['vault-tag', 'graph-relation', 'units'],
].map((names) => names.map(sourceNamed));
/** Those that can use a text of several lines; a list as answer may have its items in any order. */
const sinks = ['answer', 'file', 'note', 'page', 'replace-page', 'task'].map(sinkNamed);

const shapes = sinks.flatMap((_, turn) =>
  triples.map((sources, index) => ({ sources, sink: sinks[(turn + index) % sinks.length] as Sink })),
);

/** Three lookups that know nothing of each other, and something done with the list of what they find. */
export default {
  name: 'collect',
  wording: goalWording({ sources: [...new Set(triples.flat())], sinks }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: shapes.flatMap(({ sources, sink }, shape) =>
    sources.some((source) => isHeldOutPair(source, sink)) ? [shape] : [],
  ),
  draft: (draw, roles, shape) => {
    const { sources, sink } = shapes[shape] as { readonly sources: readonly Source[]; readonly sink: Sink };
    let start = startState(draw);
    const parts: Part[] = [];
    const values: string[] = [];
    for (const source of sources) {
      const lookup = chainOfLookups({ draw, roles, start }, [source], 'text', parts.length);
      ({ start } = lookup);
      parts.push(...lookup.parts);
      values.push(lookup.found);
    }
    const recording = recordingOf({ draw, roles, start }, sink, values.join('\n'), 'list', [0, 1, 2]);
    const part = recording.part.answer ? { ...recording.part, answer: listAnswer(values) } : recording.part;
    return compose(recording.start, [...parts, part]);
  },
} satisfies Family;

const listAnswer = (items: readonly string[]) => ({ test: { items }, reference: items.join('\n') });
