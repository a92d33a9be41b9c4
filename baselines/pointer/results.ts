import type { Json } from '../../core/json.ts';
import type { Observation } from '../../core/types.ts';
import { stemsOf, wordsOf } from '../../core/words.ts';
import type { Prompt } from './prompt.ts';
import { makeText, type Text } from './text.ts';

/** A value that a tool's result holds and a later call may want. */
export interface Finding {
  readonly value: string;
  readonly text: Text;
  /** 1 when the value's key is quoted in the prompt, else the share of the key's words that the prompt has. */
  readonly answers: number;
  /** The mention that holds its key; −1 where none does. */
  readonly key: number;
  /** Name under which the result holds it, empty where it has none. */
  readonly name: string;
  /** Another value of the same object or table row is one of the prompt's. */
  readonly isBesideMention: boolean;
  /** Repeats an argument of its own call, or merely reports success. */
  readonly isStatus: boolean;
}

const mostLines = 24;
const longestValue = 300;

/** Where a search found a line: its file and number, or its number. */
const place = /^(?:([^\s:]+\.\w{1,5}):\d+:\s*|\d+:(?=[a-z]))/i;

/** A value with its name, and all values of its object or table row. */
type Pair = readonly [name: string, value: string, record?: readonly string[]];

/** Values of a successful result: JSON leaves, table cells, lines, and what follows a colon or an equals sign in a line. */
export function findingsOf(
  { text }: Pick<Observation, 'text'>,
  callValues: readonly string[],
  prompt: Prompt,
): Finding[] {
  const pairs = jsonPairs(text) ?? tablePairs(text) ?? linePairs(text);
  const seen = new Set<string>();
  return pairs.flatMap(([key, value, record = []]) => {
    if (value === '' || value.length > longestValue || seen.has(value)) return [];
    seen.add(value);
    const isBesideMention = record.some((one) => one !== value && prompt.values.has(one.toLowerCase()));
    return [{ ...finding(key, value, callValues, prompt), isBesideMention }];
  });
}

function finding(
  key: string,
  value: string,
  callValues: readonly string[],
  prompt: Prompt,
): Omit<Finding, 'isBesideMention'> {
  const keyWords = wordsOf(key);
  const lower = key.toLowerCase().trim();
  const mention = key === '' ? -1 : prompt.mentions.findIndex((one) => one.value.toLowerCase() === lower);
  const stems = stemsOf(key);
  const share = stems.length === 0 ? 0 : stems.filter((stem) => prompt.stems.has(stem)).length / stems.length;
  const isStatus =
    /\b(success(fully)?|created|added|updated|moved|wrote|written|saved|deleted)\b/i.test(value) ||
    callValues.some((one) => one === value || (one.length > 5 && value.includes(one)));
  return {
    value,
    text: makeText([
      { role: 'key', words: keyWords.slice(0, 4) },
      { role: 'source', words: ['result', isStatus ? 'status' : 'content', key === '' ? 'keyless' : 'keyed'] },
      { role: 'match', words: [mention >= 0 ? 'quoted' : share > 0.5 ? 'known' : 'unknown'] },
    ]),
    answers: mention >= 0 ? 1 : share / 2,
    key: mention,
    name: key,
    isStatus,
  };
}

function linePairs(text: string): Pair[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(0, mostLines)
    .flatMap((line): Pair[] => {
      const path = place.exec(line)?.[1];
      const wording = line.replace(place, '');
      const match = /^[-*\s]*([^:=]{1,60}?)\s*(?::\s|=\s?|:$)\s*(.*)$/.exec(wording);
      return [
        ...(path === undefined ? [] : [['', path] as const]),
        ...(match ? [[match[1] ?? '', match[2] ?? ''] as const] : []),
        ['', wording.replace(/^[-*]\s+/, '')],
      ];
    });
}

/** Cells of a table in HTML under the names of its first row; rows and columns that are merely numbered do not count. */
function tablePairs(text: string): Pair[] | null {
  const rows = [...text.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, cell = '']) => cell.trim()),
  );
  const [names, ...records] = rows.filter((row) => row.length > 0);
  if (!names) return null;
  return records.flatMap((row) => row.map((cell, i): Pair => [names[i] ?? '', cell, row])).slice(0, mostLines * 2);
}

function jsonPairs(text: string): Pair[] | null {
  if (!/^\s*[[{]/.test(text)) return null;
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  const pairs: Pair[] = [];
  const walk = (value: Json, key: string, record: readonly string[]): void => {
    if (pairs.length >= mostLines * 2) return;
    if (Array.isArray(value)) value.forEach((one: Json) => walk(one, key, record));
    else if (value !== null && typeof value === 'object') {
      const texts = Object.values(value).filter((one) => typeof one === 'string');
      for (const [name, child] of Object.entries(value)) walk(child, name, texts);
    } else if (value !== null && typeof value !== 'boolean') {
      // A string in JSON, such as a file's text, may itself hold lines that read `key: value`.
      pairs.push(...linePairs(String(value)).filter(([inner]) => inner !== ''), [key, String(value), record]);
    }
  };
  walk(parsed, '', []);
  return pairs;
}
