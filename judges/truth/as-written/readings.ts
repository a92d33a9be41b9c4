import { isJsonObject } from '../../../core/json.ts';
import { fold, foldSigns, isSure, straight } from './fold.ts';
import { plain, unadorned, unwrapped, withoutStruck } from './markup.ts';

/** A longer text is read as it stands: it is no answer in a few words. */
export const longestCharacters = 4_000;
const mostReadings = 200;

/** What a text that somebody wrote shows: one form for each sign, without what is struck out. */
export const shownIn = (text: string): string => withoutStruck(fold(text));

/**
 * The ways in which a whole answer can be read, the text itself first: without fences, emphasis, quotation marks, bullets,
 * `The answer is` in front, a full stop behind, or the JSON object around it. Nothing that it says is left out.
 */
export function readingsOf(text: string): readonly string[] {
  const shown = withoutStruck(foldSigns(text)).trim();
  const readings = new Set([shown, straight(shown)]);
  if (text.length > longestCharacters) return [straight(shown)];
  // a set is walked through with what is added on the way
  for (const reading of readings) {
    if (readings.size > mostReadings) break;
    for (const step of [unwrapped, unlabelled, unpacked, lastWord, unadorned, unstopped, withoutThinking, unmarked])
      for (const next of step(reading)) if (next.trim() !== '') readings.add(next.trim());
  }
  return [...new Set([...readings].map(straight))];
}

const unmarked = (text: string): string[] => [plain(text)];

/** A full stop, or an exclamation mark that is no factorial's. */
const unstopped = (text: string): string[] => [text.replace(/(?<![.。])[.。]$|(?<=[^\s\d!])!$/u, '')];

const withoutThinking = (text: string): string[] => [
  text.replace(/^<(think|thinking|reasoning)>[\s\S]*?<\/\1>/i, '').replace(/^[\s\S]*<\/think>/i, ''),
];

const opening = String.raw`(?:(?:so|thus|therefore|hence|ok|okay|sure|certainly)[,:!.]?\s+)?`;
const label = String.raw`(?:(?:the|my|your)\s+)?(?:(?:final|correct|short|right)\s+)?(?:answers?|results?|solution|response|output|value|total|sum|count|number|code|name)`;
const foreign =
  'antwort|ergebnis|réponse|résultat|respuesta|resultado|risposta|risultato|resposta|ответ|答案|答え|回答';
const joint = String.raw`(?:\s*[:=：]\s*|\s+(?:is|are)(?:\s*:\s*|\s+)|\s*\n+\s*)`;
const labelled = new RegExp(`^${opening}(?:(?:${label}|${foreign})${joint}|(?:it is|it's)\\s+)(?:exactly\\s+)?`, 'iu');

/** Without `The answer is`, `Final answer:`, `It is` and the like in front. */
const unlabelled = (text: string): string[] => [text.replace(labelled, '')];

const finalLabel = /^(?:the\s+)?(?:final\s+)?answer(?:\s*[:=]|\s+is\b)\s*(.*)$/i;

/** The last line where it says that it is the answer and no line says another; a fence behind a sentence that ends with a colon. */
function lastWord(text: string): string[] {
  const fenced = /^([^\n`]{1,200}:)\s*\n((```+|~~~+)[^\n`]*\n(?:(?!\3)[\s\S])*\n?\3)$/.exec(text);
  if (fenced) return isSure(fenced[1] ?? '') ? [fenced[2] ?? ''] : [];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return [];
  const said = lines.map((line) => finalLabel.exec(unadorned(plain(line).trim())[0] ?? '')?.[1]);
  const last = said.at(-1);
  return last !== undefined && said.every((one) => one === undefined || one === last) ? [last] : [];
}

const answerKeys = [
  'answer',
  'final_answer',
  'finalanswer',
  'result',
  'value',
  'output',
  'response',
  'items',
  'answers',
  'list',
];

/** The answer in a JSON object that names it once; the only value of a list; a text in JSON's quotes. */
function unpacked(text: string): string[] {
  if (!/^[{["]/.test(text)) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  if (isJsonObject(value)) {
    const named = Object.entries(value).filter(([key]) => answerKeys.includes(key.toLowerCase()));
    return named.length === 1 ? textOf(named[0]?.[1]) : [];
  }
  if (Array.isArray(value)) return value.length === 1 ? textOf(value[0]) : [];
  return textOf(value);
}

const textOf = (value: unknown): string[] =>
  value === null || value === undefined ? [] : [typeof value === 'string' ? value : JSON.stringify(value)];
