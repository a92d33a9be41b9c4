import { callArguments, type ChatReply } from '../../core/models/model-client.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { yesProbabilities } from './probability.ts';
import { criterionName, recordName, type Question, type Scale } from './question.ts';
import { objectIn, shown, type Unusable } from './reply.ts';

/** What came of one criterion of one record: a score in 0..1, or why there is none. */
export type Outcome = { readonly score: number } | Unusable;

/**
 * Outcomes by record and criterion, in the order shown. The whole reply must be one JSON object. An answer off the scale or
 * left out is unparseable by itself; the others stand.
 */
export function outcomesOf(
  reply: Pick<ChatReply, 'text' | 'finishReason' | 'likely'>,
  question: Question,
): Outcome[][] {
  const { records, criteria, scale, isGroup } = question;
  const every = (outcome: Outcome) => records.map(() => criteria.map(() => outcome));
  const found = objectIn(reply);
  if ('unusable' in found) return every(found.unusable);
  const answers = found.object;
  const probabilities = scale === 'yes-no' && !isGroup ? yesProbabilities(reply, criteria.length) : [];
  return records.map((_, record) => {
    const ofRecord = isGroup ? callArguments(valueIn(answers, recordName(record))) : answers;
    return criteria.map((__, index) => {
      const value = ofRecord === null ? undefined : valueIn(ofRecord, criterionName(index));
      const outcome = outcomeOf(value, scale);
      const probability = probabilities[index] ?? null;
      return 'score' in outcome && probability !== null ? { score: probability } : outcome;
    });
  });
}

const valueIn = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

function outcomeOf(value: Json | undefined, scale: Scale): Outcome {
  if (value === undefined) return { cause: 'unparseable', reason: 'the reply leaves this criterion out' };
  const score = scale === 'yes-no' ? yesOrNo(value) : outOfTen(value);
  return score === null
    ? { cause: 'unparseable', reason: `the answer is off the scale: ${shown(JSON.stringify(value))}` }
    : { score };
}

function yesOrNo(value: Json): number | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === 'yes' || word === true) return 1;
  return word === 'no' || word === false ? 0 : null;
}

function outOfTen(value: Json): number | null {
  const number = typeof value === 'string' && /^\d{1,2}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 10) return null;
  return number / 10;
}
