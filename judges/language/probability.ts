import type { ChatReply, LikelyToken } from '../../core/models/model-client.ts';
import { criterionName } from './question.ts';

/**
 * P(yes) of each criterion from what the model might have written at the place where its answer begins: the mass of
 * "yes" over that of "yes" and "no", each with whatever way of writing it the server tells of. `null` where the server
 * tells nothing of that place, neither word is among the likeliest, or the name stands there twice. `from` is where the
 * answers begin. Six decimals.
 */
export function yesProbabilities(
  { text, likely = [] }: Pick<ChatReply, 'text' | 'likely'>,
  criteria: number,
  from: number,
): (number | null)[] {
  const hasPlaces = likely.length > 0 && text.startsWith(likely.map((one) => one.text).join(''));
  return Array.from({ length: criteria }, (_, index) => {
    const pattern = new RegExp(`"${criterionName(index)}"\\s*:(?:\\s*")?`, 'g');
    const [key, ...others] = text.slice(from).matchAll(pattern);
    const isPlain = hasPlaces && key?.[0].endsWith('"') === true && others.length === 0;
    return isPlain ? probabilityAt(from + key.index + key[0].length, likely) : null;
  });
}

function probabilityAt(place: number, likely: readonly LikelyToken[]): number | null {
  let start = 0;
  for (const token of likely) {
    const end = start + token.text.length;
    // a token may begin before the word, with its quotation mark or a blank
    if (place < end) return shareOfYes(token, token.text.slice(0, place - start));
    start = end;
  }
  return null;
}

function shareOfYes({ likeliest }: LikelyToken, before: string): number | null {
  let [yes, no] = [0, 0];
  for (const { text, logProbability } of likeliest) {
    const probability = Math.exp(logProbability);
    if (!Number.isFinite(probability) || text.slice(0, before.length).trim() !== before.trim()) continue;
    const word = text.slice(before.length).trim().toLowerCase().replace(/\W.*$/s, '');
    if (word === '') continue;
    if ('yes'.startsWith(word)) yes += probability;
    else if ('no'.startsWith(word)) no += probability;
  }
  return yes + no > 0 ? Math.round((1e6 * yes) / (yes + no)) / 1e6 : null;
}
