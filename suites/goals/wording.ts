import type { RandomStream } from '../../core/seeds.ts';
import frames from '../tasks/frames.json' with { type: 'json' };
import { written, type Texts, type Wording, type WrittenRegister } from '../tasks/phrasing.ts';
import type { Sink, Source } from '../tasks/sub-goal.ts';
import found from './found.json' with { type: 'json' };
import places from './places.json' with { type: 'json' };

/** What a sub-goal is told by: a text in the prompt, what was found last, or the list of all that was found. */
export type Telling = 'literal' | 'found' | 'list';

export const clauseKind = (name: string, telling: Telling): string =>
  telling === 'literal' ? name : `${name}-${telling}`;

export interface Goals {
  readonly sources?: readonly Source[];
  readonly sinks?: readonly Sink[];
  /** Clauses of the family's own. */
  readonly own?: Readonly<Record<string, Texts>>;
}

/**
 * Frames, sub-goals' clauses, and the words for what they point at, all drawn apart. Every clause is an imperative, so
 * that it stands in any frame and order.
 */
export function goalWording({ sources = [], sinks = [], own: familyClauses = {} }: Goals): Wording {
  const counts = [...[...sources, ...sinks].map((goal) => goal.texts), ...Object.values(familyClauses)].map(
    (texts) => (register: WrittenRegister) => texts[register].length,
  );
  const count = (register: WrittenRegister) =>
    Math.min(frames[register].length, ...counts.map((countOf) => countOf(register)));
  return {
    count: { train: count('train'), wording: count('wording'), fuzzy: count('fuzzy') },
    pick: (asked, stream) => {
      const register = written(asked);
      return {
        ...stream.pick(frames[register]),
        ...Object.fromEntries([
          ...sources.flatMap((source) => sourceClauses(source, register, stream)),
          ...sinks.flatMap((sink) => sinkClauses(sink, register, stream)),
          ...Object.entries(familyClauses).map(([kind, texts]) => [kind, stream.pick(texts[register])]),
        ]),
      };
    },
  };
}

type Stream = Pick<RandomStream, 'pick'>;
type Clauses = (readonly [kind: string, text: string])[];

function sourceClauses({ name, texts, placeKind }: Source, register: WrittenRegister, stream: Stream): Clauses {
  const words = (places as Readonly<Record<string, Readonly<Record<'literal' | 'found', Texts>>>>)[placeKind];
  if (!words) throw new RangeError(`places.json has no words for ${placeKind}`);
  const text = stream.pick(texts[register]);
  return (['literal', 'found'] as const).map((telling) => [
    clauseKind(name, telling),
    text.replace('{place}', stream.pick(words[telling][register])),
  ]);
}

function sinkClauses({ name, texts }: Sink, register: WrittenRegister, stream: Stream): Clauses {
  const text = stream.pick(texts[register]);
  const words = {
    literal: '“{value}”',
    found: stream.pick(found.one[register]),
    list: stream.pick(found.list[register]),
  };
  return (['literal', 'found', 'list'] as const).map((telling) => [
    clauseKind(name, telling),
    text.replace('{it}', words[telling]),
  ]);
}
