import type { ChatReply } from '../../core/models/model-client.ts';
import { bracketsIn } from './brackets.ts';
import { answersInLines, joined, namedAnswers, type NamedAnswers } from './named-answers.ts';
import { yesProbabilities } from './probability.ts';
import { criterionName, recordName, type Question, type Scale } from './question.ts';
import { afterThinking, shown, unusable, type Unusable } from './reply.ts';
import { isFigure, isOtherScale, scoreOf } from './scale.ts';

/** What came of one criterion of one record: a score in 0..1, or why there is none. */
export type Outcome = { readonly score: number } | Unusable;

/** Answers by name, and where in the reply they begin if it is one plain object of them. */
interface Said {
  readonly answers: NamedAnswers;
  readonly place: number | null;
}

/**
 * Outcomes by record and criterion, in the order shown. The answers are looked for in every whole object of the reply, whatever
 * stands around it. An answer off the scale, left out, or given twice and differently is unparseable by itself; the others stand.
 */
export function outcomesOf(
  reply: Pick<ChatReply, 'text' | 'finishReason' | 'likely'>,
  question: Question,
): Outcome[][] {
  const { records, criteria, scale, isGroup } = question;
  const said = saidIn(reply, question);
  if ('cause' in said) return records.map(() => criteria.map(() => said));
  const { answers, place } = said;
  const probabilities =
    scale === 'yes-no' && !isGroup && place !== null ? yesProbabilities(reply, criteria.length, place) : [];
  return records.map((_, record) => {
    const ofRecord = isGroup
      ? joined((answers.get(recordName(record)) ?? []).map((one) => namedAnswers(one, criterion, true)))
      : answers;
    const isOther = isOtherScale([...ofRecord.values()].flat(), scale);
    return criteria.map((__, index) => {
      const values = ofRecord.get(criterionName(index)) ?? [];
      const outcome = isOther && values.some(isFigure) ? otherScale : outcomeOf(values, scale);
      const probability = probabilities[index] ?? null;
      return 'score' in outcome && probability !== null ? { score: probability } : outcome;
    });
  });
}

const criterion = /^c\d{1,3}$/i;
const record = /^t\d{1,3}$/i;

function saidIn({ text, finishReason }: Pick<ChatReply, 'text' | 'finishReason'>, question: Question): Said | Unusable {
  const { records, criteria, isGroup } = question;
  const reply = afterThinking(text);
  const content = contentOf(reply);
  const { found, torn } = bracketsIn(reply);
  if (torn !== null && /[ct]\d{1,3}["']?\s*:/i.test(torn)) return cutOff(reply);
  const name = isGroup ? record : criterion;
  const all = found.map((one) => {
    const source = reply.slice(one.start, one.end);
    const isWhole = source === content;
    const named = [...namedAnswers(one.value, name, isWhole)];
    const answers = new Map(named.filter(([key]) => isWhole || isWritten(source, key)));
    return { answers, isPlain: Object.keys(one.value as object).some((key) => name.test(key)), start: one.start };
  });
  const naming = all.filter(({ answers }) => answers.size > 0);
  const [only] = naming;
  if (only) {
    const place = naming.length === 1 && only.isPlain ? text.length - reply.length + only.start : null;
    return { answers: joined(naming.map(({ answers }) => answers)), place };
  }
  const inLines = isGroup ? new Map<string, readonly unknown[]>() : answersInLines(reply);
  if (inLines.size > 0) return { answers: inLines, place: null };
  // the only question that there is needs no name
  const isOnlyOne = records.length === 1 && criteria.length === 1 && !isGroup;
  if (isOnlyOne && scoreOf(content, question.scale) !== null)
    return { answers: new Map([[criterionName(0), [content]]]), place: null };
  return unusable(reply.trim(), finishReason);
}

/** Whether a name stands there as it is: an echo may spell it in escapes, or put a comment before its colon (`neutral.ts`). */
const isWritten = (source: string, name: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}_])${name}["']?\\s*:`, 'iu').test(source);

/** A reply without white space and the code fence around the whole of it. */
const contentOf = (reply: string): string =>
  reply
    .trim()
    .replace(/^(```+|~~~+)[^\n`]*\n([\s\S]*?)\n?\1$/, '$2')
    .trim();

const cutOff = (reply: string): Unusable => ({
  cause: 'unparseable',
  reason: `the reply was cut off: ${shown(reply.trim())}`,
});

const otherScale: Unusable = { cause: 'unparseable', reason: 'the figures of the reply are of another scale' };

function outcomeOf(values: readonly unknown[], scale: Scale): Outcome {
  if (values.length === 0) return { cause: 'unparseable', reason: 'the reply leaves this criterion out' };
  const scores = new Set(values.map((value) => scoreOf(value, scale)));
  const [score] = scores;
  if (scores.size === 1 && score !== null && score !== undefined) return { score };
  const said = values.map((value) => shown(JSON.stringify(value) ?? '')).join(' and ');
  const why = scores.size > 1 ? 'two answers differ' : 'the answer is off the scale';
  return { cause: 'unparseable', reason: `${why}: ${said}` };
}
