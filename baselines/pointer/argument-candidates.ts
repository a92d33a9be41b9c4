import type { Json, JsonObject } from '../../core/json.ts';
import { wordsOf } from '../../core/words.ts';
import type { Mention } from './prompt.ts';
import type { Finding } from './results.ts';
import type { Leaf } from './schema.ts';
import type { Situation } from './situation.ts';
import { hasExtension, isNumber } from './spans.ts';
import { makeText, type Text } from './text.ts';

/** A value a leaf may take. Equal values are one candidate, so that log-probabilities are exact. */
export interface Candidate {
  /** `undefined` leaves an optional property out. */
  readonly value: Json | undefined;
  readonly text: Text;
  /** Index of the mention it stands for, −1 for none. */
  readonly mention: number;
  readonly finding: Finding | undefined;
  readonly isComposed: boolean;
}

export const emptyText = makeText([{ role: 'source', words: ['nothing'] }]);
const leftOut: Candidate = { value: undefined, text: emptyText, mention: -1, finding: undefined, isComposed: false };
const rootText = makeText([{ role: 'source', words: ['root'] }]);
const composedText = makeText([{ role: 'source', words: ['composed'] }]);

/** A value as one text, by which equal values are known. */
export const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

/** Candidates of a leaf: its schema's own values where it has any, else spans of the prompt and findings of results. */
export function candidatesOf(situation: Situation, leaf: Leaf): Candidate[] {
  if (leaf.values.length > 0) {
    const options = leaf.values.map((value) => schemaCandidate(leaf, value));
    return leaf.isOptional ? [leftOut, ...options] : options;
  }
  if (leaf.type === 'object') return objectsFor(situation);
  const { prompt, memory } = situation;
  const byValue = new Map<string, Candidate>();
  const wantsNumber = leaf.type === 'number' || leaf.type === 'integer';
  const put = (text: string, candidate: Omit<Candidate, 'value'>) => {
    if (byValue.has(text) || (wantsNumber && !isWithin(leaf, text))) return;
    byValue.set(text, { ...candidate, value: wantsNumber ? Number(text) : text });
  };
  // Of several mentions of a value the first unused one speaks, or the last.
  const current = new Map<string, number>();
  prompt.mentions.forEach(({ value }, i) => {
    const earlier = current.get(value);
    if (earlier === undefined || memory.used[earlier]) current.set(value, i);
  });
  for (const [value, mention] of current)
    put(value, { text: prompt.mentions[mention]?.text ?? emptyText, mention, finding: undefined, isComposed: false });
  for (const finding of memory.findings)
    put(finding.value, { text: finding.text, mention: -1, finding, isComposed: false });
  if (!wantsNumber)
    for (const value of composed(prompt.mentions))
      put(value, { text: composedText, mention: -1, finding: undefined, isComposed: true });
  if (leaf.fallback !== undefined && typeof leaf.fallback !== 'object') {
    const { text } = schemaCandidate(leaf, leaf.fallback);
    if (!byValue.has(textOf(leaf.fallback)))
      byValue.set(textOf(leaf.fallback), {
        value: leaf.fallback,
        text,
        mention: -1,
        finding: undefined,
        isComposed: false,
      });
  }
  if (byValue.size === 0)
    return [
      {
        value: wantsNumber ? Math.max(1, leaf.least) : situation.episode.root,
        text: rootText,
        mention: -1,
        finding: undefined,
        isComposed: false,
      },
    ];
  return [...byValue.values()];
}

/** The empty object, and objects that the prompt or a result spells out. */
function objectsFor({ prompt, memory }: Situation): Candidate[] {
  const empty: Candidate = { ...leftOut, value: {} };
  const spelt = [
    ...prompt.mentions.map(({ value, text }, mention) => ({ ...empty, value, text, mention })),
    ...memory.findings.map((finding) => ({ ...empty, value: finding.value, text: finding.text, finding })),
  ].flatMap((candidate) => {
    const value = objectIn(candidate.value);
    return value === undefined ? [] : [[JSON.stringify(value), { ...candidate, value }] as const];
  });
  return [...new Map<string, Candidate>([['{}', empty], ...spelt]).values()];
}

function objectIn(text: string): JsonObject | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}

const isWithin = ({ least, most }: Leaf, text: string): boolean =>
  isNumber(text) && Number(text) >= least && Number(text) <= most;

/** `folder/file` for a folder and a file name that the prompt gives apart. */
function composed(mentions: readonly Mention[]): string[] {
  const quoted = mentions.filter(({ isQuoted }) => isQuoted);
  const folders = quoted.filter(({ value }) => !hasExtension(value) && !/\s/.test(value) && value.length < 60);
  const files = quoted.filter(({ value }) => hasExtension(value) && !value.includes('/'));
  return files
    .flatMap((file) => folders.map((folder) => `${folder.value.replace(/\/$/, '')}/${file.value}`))
    .slice(0, 12);
}

function schemaCandidate(leaf: Leaf, value: Json): Candidate {
  const text = makeText([
    { role: 'source', words: ['schema'] },
    { role: 'option', words: wordsOf(textOf(value)) },
  ]);
  return { value, text, mention: -1, finding: undefined, isComposed: false };
}
