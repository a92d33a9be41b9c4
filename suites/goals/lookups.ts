import type { Part, Setting, Sink, Source, ValueKind } from '../tasks/sub-goal.ts';
import { drawWanted } from './values.ts';
import { clauseKind, type Telling } from './wording.ts';

/** Parts of a task, what the last of them finds, and the start state that has it all. */
export interface Chain {
  readonly start: Setting['start'];
  readonly parts: readonly Part[];
  readonly found: string;
}

/**
 * Lookups of which each finds where the next one looks; the last finds something of the kind wanted. `from` is the
 * number of parts that come before these in the prompt.
 */
export function chainOfLookups(setting: Setting, sources: readonly Source[], wants: ValueKind, from = 0): Chain {
  let { start } = setting;
  let place: string | undefined;
  let found = '';
  const parts: Part[] = [];
  // Backwards, because a place has to be known before a lookup can be made to find it.
  for (const [index, source] of [...sources.entries()].reverse()) {
    const value: string = place ?? drawWanted(setting.draw, source, wants);
    const lookup = source.lookUp({ ...setting, start }, value);
    if (place === undefined) found = lookup.needed;
    ({ start, place } = lookup);
    parts.unshift({
      steps: lookup.steps,
      clause: { kind: clauseKind(source.name, index > 0 ? 'found' : 'literal'), values: lookup.values },
      needs: index > 0 ? [from + index - 1] : [],
    });
  }
  return { start, parts, found };
}

/** Does something with a value that the prompt gives, or that the parts `needs` find. */
export function recordingOf(setting: Setting, sink: Sink, value: string, telling: Telling, needs: readonly number[]) {
  const { start, steps, values, answer } = sink.record(setting, value);
  const part: Part = { steps, clause: { kind: clauseKind(sink.name, telling), values }, needs, answer };
  return { start, part };
}
