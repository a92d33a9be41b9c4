import { stemOf as stem, wordsOf } from '../../core/words.ts';
import { masked, spansOf, type Span } from './spans.ts';
import { makeText, type Text } from './text.ts';
import { byStems, type WordReading } from './word-reading.ts';

/** One span with the words around it. */
export interface Mention extends Span {
  /** What the network reads: nearby words by side and distance, never the value's own words. */
  readonly text: Text;
  /** Stems of the last words before it, of the window around it, and of its whole sentence. */
  readonly before: ReadonlySet<string>;
  readonly window: ReadonlySet<string>;
  readonly sentence: ReadonlySet<string>;
  /** Query texts when this mention is in focus. */
  readonly windowText: Text;
  readonly sentenceText: Text;
}

/** Where a prompt wants an answer: the words of that clause. */
export interface AnswerClause {
  readonly stems: ReadonlySet<string>;
  readonly text: Text;
  /** More values than one are wanted. */
  readonly wantsSeveral: boolean;
}

/** A prompt read once; shared by all episodes of a task. */
export interface Prompt {
  readonly text: string;
  readonly lower: string;
  readonly mentions: readonly Mention[];
  /** Mentions that a finished task must have used: the quoted ones, or all where nothing is quoted. */
  readonly counted: readonly number[];
  readonly stems: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  /** It speaks of something that it does not say, such as the value of a key. */
  readonly seeks: boolean;
  /** The clause in which it asks to be told something, `null` where it does not. */
  readonly answerClause: AnswerClause | null;
  /** Stands in for a focus when everything is used. */
  readonly nothing: Text;
}

const seekingWords = new Set(
  'value values read find look lookup search what whatever which says tell check answer says line'.split(' '),
);

/** A question where a sentence begins. */
const question = /(?<=^|[.!?]\s+)(?:which|what|who|whose|how|when|where|why)\b(?=[^.!?]*\?)/gi;
/** What asks to be told something in the phrasings of training, for a reading that knows words alone. */
const askingWords = /\b(?:answer(?:s|ing)?|reply(?:ing)?|tell|report|return|state|give me|finish(?:ing)? with)\b/gi;
const several = /\b(?:all|each|every|list|names|values|commas?|separated|lines?)\b/i;

/** Characters of a window before and after its span, where no other span is nearer. */
const reachBefore = 90;
const reachAfter = 40;

export function readPrompt(text: string, reading = byStems): Prompt {
  const spans = spansOf(text);
  const blind = masked(text, spans);
  const mentions = spans.map((span, i) => readMention(spans, i, blind, reading));
  const quoted = mentions.flatMap(({ isQuoted }, i) => (isQuoted ? [i] : []));
  return {
    text,
    lower: text.toLowerCase(),
    mentions,
    counted: quoted.length > 0 ? quoted : mentions.map((_, i) => i),
    stems: new Set(wordsOf(blind).map(stem)),
    seeks: wordsOf(blind).some((word) => seekingWords.has(word)),
    // What follows a colon may be where it asks: only what is quoted is no part of the request.
    answerClause: answerClauseIn(
      masked(
        text,
        spans.filter(({ isQuoted }) => isQuoted),
      ),
      reading,
    ),
    values: new Set(mentions.map(({ value }) => value.toLowerCase())),
    nothing: makeText([{ role: 'focus', words: ['nothing'] }]),
  };
}

/** What to search for where a mention is in focus: its sentence without the values, else the whole prompt. */
export function clauseOf({ text, mentions }: Prompt, focus: number): string {
  const mention = mentions[focus];
  const blind = masked(text, mention ? mentions : []);
  const start = mention ? Math.max(0, ...[...blind.slice(0, mention.start).matchAll(sentenceEnd)].map(endOf)) : 0;
  const length = mention ? blind.slice(mention.end).search(sentenceEnd) : -1;
  const sentence = blind.slice(start, mention && length >= 0 ? mention.end + length : undefined);
  const words = sentence
    .replaceAll(/\uFFFC+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return /\p{L}/u.test(words) ? words : text;
}

const sentenceEnd = /[.;!?](?=\s|$)|\n|,? then /g;
const endOf = (match: RegExpExecArray): number => match.index + match[0].length;

/** The last asking word with what stands around it, up to a comma or `then` before and the end of the sentence after. */
function answerClauseIn(blind: string, reading: WordReading): AnswerClause | null {
  const last = lastAsking(blind, reading);
  if (last < 0) return null;
  const before =
    blind
      .slice(0, last)
      .split(/[.,;!?](?=\s)|\n|\bthen\b/)
      .at(-1) ?? '';
  const after = blind.slice(last).split(/[.;!?](?=\s|$)|\n/)[0] ?? '';
  const clause = before + after;
  const words = wordsOf(clause);
  return {
    stems: new Set(words.map(stem)),
    text: makeText([{ role: 'asked', words }], reading),
    wantsSeveral: several.test(clause),
  };
}

/** Place of the last word that asks to be told something, −1 where none does. */
function lastAsking(blind: string, { isAsking }: WordReading): number {
  const places = (pattern: RegExp) => [...blind.matchAll(pattern)];
  const asking = isAsking ? places(/\p{L}+/gu).filter(([word]) => isAsking(word.toLowerCase())) : places(askingWords);
  return Math.max(-1, ...[...asking, ...places(question)].map(({ index }) => index));
}

function readMention(spans: readonly Span[], index: number, blind: string, reading: WordReading): Mention {
  const span = spans[index] as Span;
  const left = Math.max(0, span.start - reachBefore, Math.min(spans[index - 1]?.end ?? 0, span.start));
  const right = Math.min(span.end + reachAfter, Math.max(spans[index + 1]?.start ?? blind.length, span.end));
  const [sentenceStart, sentenceEnd] = sentenceAround(blind, span);
  const before = wordsOf(blind.slice(Math.max(left, sentenceStart), span.start));
  const after = wordsOf(blind.slice(span.end, Math.min(right, sentenceEnd)));
  const sentence = wordsOf(blind.slice(sentenceStart, sentenceEnd));
  // A span that follows another with nothing but "and" between says little: look further back too.
  const further = wordsOf(blind.slice(Math.max(sentenceStart, span.start - reachBefore), span.start)).slice(-8);
  const near = before.length > 1 ? before : further;
  return {
    ...span,
    text: makeText(
      [
        { role: 'left', words: near.slice(-5) },
        { role: 'last', words: near.slice(-2) },
        { role: 'adjacent', words: near.slice(-1) },
        { role: 'right', words: after.slice(0, 3), weight: 0.7 },
        { role: 'further', words: further, weight: 0.5 },
        { role: 'shape', words: shapeOf(span) },
        { role: 'run', words: runOf(spans, index, blind) },
      ],
      reading,
    ),
    before: new Set(near.slice(-3).map(stem)),
    window: new Set([...near, ...after].map(stem)),
    sentence: new Set(sentence.map(stem)),
    windowText: makeText(
      [
        { role: 'focus', words: [...near, ...after] },
        { role: 'focusShape', words: shapeOf(span), weight: 0.5 },
      ],
      reading,
    ),
    sentenceText: makeText([{ role: 'sentence', words: sentence }], reading),
  };
}

/** Its place among spans that follow each other without a word between, such as “A” “knows” “B”. */
function runOf(spans: readonly Span[], index: number, blind: string): string[] {
  const touches = (i: number) => {
    const [span, next] = [spans[i], spans[i + 1]];
    return span !== undefined && next !== undefined && wordsOf(blind.slice(span.end, next.start)).length === 0;
  };
  let [before, after] = [0, 0];
  while (touches(index - 1 - before)) before += 1;
  while (touches(index + after)) after += 1;
  return [`before${before}`, `after${after}`];
}

function shapeOf({ value, isQuoted }: Span): string[] {
  return [
    isQuoted ? 'quoted' : 'bare',
    value.includes('/') ? 'slash' : 'flat',
    /\.[a-z]{1,5}$/.test(value) ? 'extension' : 'plain',
    /\s/.test(value) ? 'spaced' : 'single',
    /^-?[\d.]+$/.test(value) ? 'number' : 'text',
    /^[A-Z]/.test(value) ? 'capital' : 'lower',
  ];
}

function sentenceAround(blind: string, span: Span): [number, number] {
  const ends = /[.!?;](?=\s)|\n/g;
  let start = 0;
  for (const match of blind.matchAll(ends)) {
    if (match.index >= span.end) return [start, match.index];
    if (match.index < span.start) start = match.index + 1;
  }
  return [start, blind.length];
}
