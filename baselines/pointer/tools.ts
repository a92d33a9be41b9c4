import type { JsonObject } from '../../core/json.ts';
import type { ServerCard, Tool } from '../../core/types.ts';
import { stemOf, stemsOf, wordsOf } from '../../core/words.ts';
import { resultParts, type ResultPart } from './result-parts.ts';
import { optionalLeaves, requiredLeaves, type ArgumentReach, type Leaf } from './schema.ts';
import { makeText, type Text } from './text.ts';
import { byStems, type WordReading } from './word-reading.ts';

/** A server as the policy reads it: words, never an identity. */
export interface ServerReading {
  readonly name: string;
  readonly stems: ReadonlySet<string>;
  /** As a thing to load whole. */
  readonly text: Text;
}

/** A tool of which only the name (and its server's card) is known. */
export interface NameReading {
  readonly server: ServerReading;
  readonly name: string;
  readonly stems: ReadonlySet<string>;
  readonly words: number;
  /** Its name says that it looks something up. */
  readonly reads: boolean;
  readonly text: Text;
}

/** A loaded tool. */
export interface ToolReading extends NameReading {
  readonly required: readonly Leaf[];
  /** The first optional properties, of a tool that requires nothing or where calls may have all arguments. */
  readonly optional: readonly Leaf[];
  /** Optional values that one call may have. */
  readonly mostOptional: number;
  /** Optional properties with a list of options. */
  readonly selectors: readonly Leaf[];
  readonly descriptionStems: ReadonlySet<string>;
  readonly argumentStems: ReadonlySet<string>;
  readonly isDeprecated: boolean;
  /** What its results hold, as far as the context shows that. */
  readonly results: readonly ResultPart[];
}

const wordsOfDescription = 16;
const offeredOptional = { required: 6, all: 12 };
const mostOptional = { required: 1, all: 3 };
const readingVerbs = new Set([
  'read',
  'get',
  'list',
  'search',
  'find',
  'show',
  'open',
  'fetch',
  'lookup',
  'query',
  'view',
]);

export function readServer(card: ServerCard, names: readonly string[], reading: WordReading): ServerReading {
  const words = wordsOf(`${card.name} ${card.summary}`);
  return {
    name: card.name,
    stems: new Set(words.map(stemOf)),
    text: makeText(
      [
        { role: 'server', words },
        { role: 'name', words: [...new Set(names.flatMap(wordsOf))].slice(0, 30), weight: 0.5 },
      ],
      reading,
    ),
  };
}

export function readName(server: ServerReading, name: string, card: ServerCard, reading: WordReading): NameReading {
  const words = wordsOf(name);
  return {
    server,
    name,
    stems: new Set(words.map(stemOf)),
    words: words.length,
    reads: words.some((word) => readingVerbs.has(word)),
    text: makeText(
      [
        { role: 'name', words },
        { role: 'server', words: wordsOf(`${card.name} ${card.summary}`), weight: 0.5 },
      ],
      reading,
    ),
  };
}

export function readTool(
  server: ServerReading,
  tool: Tool,
  card: ServerCard,
  reading: WordReading,
  reach: ArgumentReach = 'required',
  resultShape?: JsonObject,
): ToolReading {
  const description = wordsOf(tool.description).slice(0, wordsOfDescription);
  const required = requiredLeaves(tool.inputSchema, reach);
  const optional = optionalLeaves(tool.inputSchema, reach);
  const leafWords = required.flatMap(({ name }) => wordsOf(name));
  const words = wordsOf(tool.name);
  return {
    ...readName(server, tool.name, card, reading),
    required,
    optional: required.length === 0 || reach === 'all' ? optional.slice(0, offeredOptional[reach]) : [],
    mostOptional: mostOptional[reach],
    selectors: optional.filter(({ type, values }) => type === 'string' && values.length > 0),
    descriptionStems: new Set(stemsOf(tool.description.slice(0, 160))),
    argumentStems: new Set(leafWords.map(stemOf)),
    isDeprecated: /deprecated/i.test(tool.description),
    results: resultParts(resultShape),
    text: makeText(
      [
        { role: 'name', words },
        { role: 'description', words: description, weight: 0.5 },
        { role: 'leaf', words: leafWords, weight: 0.3 },
        { role: 'server', words: wordsOf(`${card.name} ${card.summary}`), weight: 0.4 },
      ],
      reading,
    ),
  };
}

/** Weights of stems by how few of the known tools have them, so that `get` and `file` say less than `relation`. */
export function rarity(readings: readonly { readonly stems: ReadonlySet<string> }[]): (stem: string) => number {
  const count = new Map<string, number>();
  for (const { stems } of readings) for (const stem of stems) count.set(stem, (count.get(stem) ?? 0) + 1);
  return (stem) => Math.log(1 + readings.length / (count.get(stem) ?? 1));
}

/** Share of a set's weighted stems that the other set has, as the reading counts them, 0..1. */
export function overlap(
  stems: ReadonlySet<string>,
  others: ReadonlySet<string>,
  weightOf: (stem: string) => number = () => 1,
  { shareIn }: WordReading = byStems,
): number {
  let [shared, total] = [0, 0];
  for (const stem of stems) {
    const weight = weightOf(stem);
    total += weight;
    shared += weight * shareIn(stem, others);
  }
  return total === 0 ? 0 : shared / total;
}
