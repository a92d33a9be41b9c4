import type { Json, Observation } from '../../core/types.ts';
import type { Prompt } from './prompt.ts';
import { makeText, stemsOf, wordsOf, type Text } from './text.ts';

/** A value that a tool's result holds and a later call may want. */
export interface Finding {
  readonly value: string;
  readonly text: Text;
  /** 1 when the value's key is quoted in the prompt, else the share of the key's words that the prompt has. */
  readonly answers: number;
  /** The mention that holds its key; −1 where none does. */
  readonly key: number;
  /** Repeats an argument of its own call, or merely reports success. */
  readonly isStatus: boolean;
}

const mostLines = 24;
const longestValue = 300;

/** Values of a successful result: JSON leaves, lines, and what follows a colon or an equals sign in a line. */
export function findingsOf(observation: Observation, callValues: readonly string[], prompt: Prompt): Finding[] {
  const pairs = jsonPairs(observation.text) ?? linePairs(observation.text);
  const seen = new Set<string>();
  return pairs.flatMap(([key, value]) => {
    if (value === '' || value.length > longestValue || seen.has(value)) return [];
    seen.add(value);
    return [finding(key, value, callValues, prompt)];
  });
}

function finding(key: string, value: string, callValues: readonly string[], prompt: Prompt): Finding {
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
    isStatus,
  };
}

function linePairs(text: string): [string, string][] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(0, mostLines)
    .flatMap((line): [string, string][] => {
      const match = /^[-*\s]*([^:=]{1,60}?)\s*(?::\s|=\s?|:$)\s*(.*)$/.exec(line);
      const bare = line.replace(/^[-*]\s+/, '');
      return match
        ? [
            [match[1] ?? '', match[2] ?? ''],
            ['', bare],
          ]
        : [['', bare]];
    });
}

function jsonPairs(text: string): [string, string][] | null {
  if (!/^\s*[[{]/.test(text)) return null;
  let parsed: Json;
  try {
    parsed = JSON.parse(text) as Json;
  } catch {
    return null;
  }
  const pairs: [string, string][] = [];
  const walk = (value: Json, key: string): void => {
    if (pairs.length >= mostLines * 2) return;
    if (Array.isArray(value)) value.forEach((one: Json) => walk(one, key));
    else if (value !== null && typeof value === 'object')
      for (const [name, child] of Object.entries(value)) walk(child, name);
    else if (value !== null && typeof value !== 'boolean') {
      // A string in JSON, such as a file's text, may itself hold lines that read `key: value`.
      pairs.push(...linePairs(String(value)).filter(([inner]) => inner !== ''), [key, String(value)]);
    }
  };
  walk(parsed, '');
  return pairs;
}
