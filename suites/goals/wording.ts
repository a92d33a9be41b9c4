import type { RandomStream } from '../../core/seeds.ts';
import commonFrames from '../tasks/frames.json' with { type: 'json' };
import type { Manner, Texts, Wording } from '../tasks/phrasing.ts';
import type { Sink, Source } from '../tasks/sub-goal.ts';
import found from './found.json' with { type: 'json' };
import places from './places.json' with { type: 'json' };

/** What a sub-goal's clause is called: whether its place or value is literal, or was found before. */
export const clauseKind = (name: string, isFound: boolean): string => (isFound ? `${name}-found` : name);

export interface Goals {
  readonly sources: readonly Source[];
  readonly sinks: readonly Sink[];
  /** Clauses of the family's own. */
  readonly own?: Readonly<Record<string, Texts>>;
}

/**
 * Frames, sub-goals' clauses, and the words for what they point at, all drawn apart. Every clause is an imperative, so
 * that it stands in any frame and order.
 */
export function goalWording({ sources, sinks, own = {} }: Goals): Wording {
  const all: Texts[] = [commonFrames, ...[...sources, ...sinks].map((one) => one.texts), ...Object.values(own)].map(
    (texts) => texts as Texts,
  );
  const count = (manner: Manner) => Math.min(...all.map((texts) => texts[manner].length));
  return {
    count: { train: count('train'), wording: count('wording'), fuzzy: count('fuzzy') },
    pick: (manner, stream) => ({
      ...stream.pick(commonFrames[manner]),
      ...Object.fromEntries([
        ...sources.flatMap((source) => sourceClauses(source, manner, stream)),
        ...sinks.flatMap((sink) => sinkClauses(sink, manner, stream)),
        ...Object.entries(own).map(([kind, texts]) => [kind, stream.pick(texts[manner])]),
      ]),
    }),
  };
}

type Stream = Pick<RandomStream, 'pick'>;
type Entry = readonly [string, string];

function sourceClauses({ name, texts, placeKind }: Source, manner: Manner, stream: Stream): Entry[] {
  const words = (places as Readonly<Record<string, { readonly literal: Texts; readonly found: Texts }>>)[placeKind];
  if (!words) throw new RangeError(`places.json has no words for ${placeKind}`);
  const text = stream.pick(texts[manner]);
  return [
    [clauseKind(name, false), text.replace('{place}', stream.pick(words.literal[manner]))],
    [clauseKind(name, true), text.replace('{place}', stream.pick(words.found[manner]))],
  ];
}

function sinkClauses({ name, texts }: Sink, manner: Manner, stream: Stream): Entry[] {
  const text = stream.pick(texts[manner]);
  return [
    [clauseKind(name, false), text.replace('{it}', '“{value}”')],
    [clauseKind(name, true), text.replace('{it}', stream.pick(found[manner]))],
  ];
}
