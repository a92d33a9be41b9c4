import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { VocabularyName } from '../../core/alias-types.ts';

/** What names and descriptions are made of for tasks of one kind of split. */
export interface Vocabulary {
  /** Other words for a word of a name, in its number; none where there are none. */
  readonly alternativesOf: (word: string) => readonly string[];
  /** Those of a word that says the same in a sentence as in a name; none for all others. */
  readonly alternativesInProse: (word: string) => readonly string[];
  /** Names that suit a server of the catalogue. */
  readonly namesOf: (server: string) => readonly string[];
  /** Names that say nothing of a server, and what may follow them. */
  readonly neutral: readonly string[];
  readonly suffixes: readonly string[];
  /** What is put before names that have no other words. */
  readonly affixes: readonly string[];
  /** What descriptions may begin with. */
  readonly openers: readonly string[];
  /** All of it, each once. */
  readonly entries: readonly string[];
}

type BySplit<Value> = Readonly<Record<VocabularyName, Value>>;
type Alternatives = BySplit<readonly string[]> & { readonly of: readonly string[] };

interface VocabularyFile extends Readonly<Record<'neutral' | 'suffixes' | 'affixes' | 'openers', Alternatives>> {
  readonly words: readonly Alternatives[];
  readonly servers: readonly Alternatives[];
  /** Words that may be said otherwise in sentences, too. */
  readonly prose: readonly string[];
}

const text = readFileSync(new URL('./vocabulary.json', import.meta.url), 'utf8');
const file = JSON.parse(text) as VocabularyFile;

/** SHA-256 (hex) of all vocabularies. */
export const vocabularyHash = createHash('sha256').update(text).digest('hex');

const made = new Map<VocabularyName, Vocabulary>();

/** The vocabulary of a kind of split; no entry of it is in another, in singular or plural. */
export function vocabularyNamed(name: VocabularyName): Vocabulary {
  const known = made.get(name);
  if (known) return known;
  const words = tableOf(file.words, name);
  const inProse = new Map([...words].filter(([word]) => file.prose.includes(word)));
  const servers = tableOf(file.servers, name);
  const [neutral, suffixes, affixes, openers] = [file.neutral, file.suffixes, file.affixes, file.openers].map(
    (one) => one[name],
  ) as [readonly string[], readonly string[], readonly string[], readonly string[]];
  const vocabulary: Vocabulary = {
    alternativesOf: (word) => alternativesIn(words, word),
    alternativesInProse: (word) => alternativesIn(inProse, word),
    namesOf: (server) => servers.get(server) ?? [],
    neutral,
    suffixes,
    affixes,
    openers,
    entries: [...new Set([...words.values(), ...servers.values(), neutral, suffixes, affixes, openers].flat())],
  };
  made.set(name, vocabulary);
  return vocabulary;
}

const tableOf = (all: readonly Alternatives[], name: VocabularyName): ReadonlyMap<string, readonly string[]> =>
  new Map(all.flatMap((one) => one.of.map((word) => [word, one[name]] as const)));

function alternativesIn(table: ReadonlyMap<string, readonly string[]>, word: string): readonly string[] {
  const singular = table.get(word);
  if (singular) return singular;
  const stem = [word.replace(/ies$/, 'y'), word.replace(/es$/, ''), word.replace(/s$/, '')].find(
    (one) => one !== word && table.has(one),
  );
  return stem === undefined ? [] : (table.get(stem) ?? []).map(pluralOf);
}

const pluralOf = (word: string): string => {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
};
