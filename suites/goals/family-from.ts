import type { Family } from '../tasks/family.ts';
import { startState } from '../tasks/start-state.ts';
import { canGive, compose, type Sink, type Source } from '../tasks/sub-goal.ts';
import { sinks } from './catalogue.ts';
import { isHeldOutPair } from './held-out-pairs.ts';
import { chainOfLookups, recordingOf } from './lookups.ts';
import { goalWording } from './wording.ts';

/** A lookup by one of some sources, and each sink that can use what it finds: one shape a pair. */
export function familyFrom(name: string, sources: readonly Source[]): Family {
  const pairs = sources.flatMap((source) =>
    sinks.filter((sink) => canGive(source, sink.wants)).map((sink) => ({ source, sink })),
  );
  return {
    name,
    wording: goalWording({ sources, sinks }),
    hasStandIns: sources.every(({ home }) => home === 'files' || home === 'graph'),
    shapes: pairs.length,
    heldOutShapes: pairs.flatMap(({ source, sink }, shape) => (isHeldOutPair(source, sink) ? [shape] : [])),
    draft: (draw, roles, shape) => {
      const { source, sink } = pairs[shape] as { readonly source: Source; readonly sink: Sink };
      const lookup = chainOfLookups({ draw, roles, start: startState(draw) }, [source], sink.wants);
      const { start, part } = recordingOf({ draw, roles, start: lookup.start }, sink, lookup.found, 0);
      return compose(start, [...lookup.parts, part]);
    },
  };
}
