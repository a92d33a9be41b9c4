import type { TextTest } from '../../core/goal-types.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import { leavesOf } from '../truth/argument-match.ts';

/** A tool that a text names as `server.tool`, with the arguments that follow it as JSON. */
export interface MentionedCall {
  readonly key: string;
  /** `null` where no arguments follow. */
  readonly leaves: readonly string[] | null;
}

/** What the words of a criterion, or of several, point at in any trajectory. */
export interface Mentions {
  /** With arguments where any text gives them, else the longest list of bare names. */
  readonly calls: readonly MentionedCall[];
  /** Names alone, each once. */
  readonly keys: readonly string[];
  /** Quoted texts that shall be there. */
  readonly quotes: readonly string[];
  /** What the answer must say. */
  readonly answer: TextTest | null;
  /** `about 3 calls`. */
  readonly calledAbout: number | null;
}

export const callKey = (server: string, tool: string): string => `${server} ${tool}`;

/** Reads texts of one rubric together: what one leaves out another may say. */
export function mentionsIn(texts: readonly string[]): Mentions {
  const lists = texts.map(callsIn);
  const full = lists.filter((list) => list.some(({ leaves }) => leaves !== null));
  const candidates = full.length > 0 ? full : lists;
  const calls = candidates.reduce((longest, list) => (list.length > longest.length ? list : longest), []);
  const wanted = texts.flatMap((text) => wantedQuotes(text));
  return {
    calls,
    keys: [...new Set(lists.flat().map(({ key }) => key))],
    quotes: [...new Set(wanted)],
    answer: texts.map(answerIn).find((test) => test !== null) ?? null,
    calledAbout: texts.map(aboutIn).find((count) => count !== null) ?? null,
  };
}

/** A text without what is particular to its task: the words that say what is asked of it. */
export function frameOf(text: string): string {
  const colon = text.indexOf(': ');
  return (colon < 0 ? text : text.slice(0, colon)).replace(/"(?:[^"\\]|\\.)*"|[“‘][^”’]*[”’]/g, ' ');
}

function callsIn(text: string): MentionedCall[] {
  const found: MentionedCall[] = [];
  const name = /(?<![\w/."-])([a-z][\w-]*)\.([A-Za-z_][\w-]*)(?![\w/]|\.\w)/g;
  for (let match = name.exec(text); match; match = name.exec(text)) {
    const [whole, server = '', tool = ''] = match;
    const end = match.index + whole.length;
    const json = text.startsWith(' {', end) ? objectAt(text, end + 1) : null;
    if (json) name.lastIndex = json.end;
    found.push({
      key: callKey(server, tool),
      leaves: json && leavesOf(json.value, `${worldFolderOf(server)}/`).sort(),
    });
  }
  return found;
}

/** The JSON object that begins at a place of a text. */
function objectAt(text: string, start: number): { readonly value: JsonObject; readonly end: number } | null {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (isQuoted) {
      if (character === '\\') at++;
      else if (character === '"') isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) {
      const value = parsed(text.slice(start, at + 1));
      return value && { value, end: at + 1 };
    }
  }
  return null;
}

function parsed(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as Json;
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

/** Quoted texts before `no longer`, which begins what shall be gone, and outside of arguments. */
function wantedQuotes(text: string): string[] {
  if (/\w \{"/.test(text)) return [];
  const [positive = ''] = text.split('no longer ');
  return quotesIn(positive);
}

/** Texts in straight or curly double quotes, unescaped. */
export function quotesIn(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|“([^”]*)”/g)].map(([, straight, curly]) =>
    straight === undefined ? (curly ?? '') : unescaped(straight),
  );
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

function answerIn(text: string): TextTest | null {
  const after = text.split(/\banswer (?:is|must be|should be) /)[1];
  if (after === undefined) return null;
  const quotes = quotesIn(after);
  if (/in any order/.test(after) && quotes.length > 0) return { items: quotes };
  if (after.startsWith('contains ') && quotes[0] !== undefined) return { contains: quotes[0] };
  const [, number, tolerance = '0'] = /^(-?[\d.]*\d)(?: ± ([\d.]*\d))?/.exec(after) ?? [];
  if (number !== undefined) return { number: Number(number), tolerance: Number(tolerance) };
  return quotes[0] === undefined ? null : { equals: quotes[0] };
}

function aboutIn(text: string): number | null {
  const [, count] = /\b(\d+) calls?\b/.exec(text) ?? [];
  return count === undefined ? null : Number(count);
}
