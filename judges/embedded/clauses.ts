/** Longest list of clauses that is looked at; what follows stays with the last. */
const most = 6;

/** Letters of a criterion that are looked at: what is far longer was not written by a careful author. */
export const mostLetters = 2000;

const openings =
  'the|an?|no|not|nothing|none of|every\\w*|each|all|some\\w*|there|it|one|at|only|in|what\\w*|exis\\w+|earlier|any\\w*|after|on|without|neither|these|this|tools?';
const joints = new RegExp(
  [
    '(?:[.;!]\\s+|,?\\s+)(?:[Aa]lso|[Bb]esides|[Mm]oreover|[Ff]urthermore|[Ii]n addition),?\\s+',
    ';\\s+',
    '[.!]\\s+(?=[\\p{Lu}`"“])',
    `,\\s+(?:and|but|while|yet)\\s+(?=(?:${openings}|[^\\p{L}\\s])(?:\\s|\\p{P}|$)|[\\p{L}\\d]+[._-])`,
  ].join('|'),
  'gu',
);

/**
 * The statements that a criterion puts together, each of which must hold. What is quoted, stands in brackets of JSON or behind
 * a colon is not taken apart.
 */
export function clausesIn(text: string): string[] {
  if (/: |\{/.test(text) || text.length > mostLetters) return [text];
  const hidden: string[] = [];
  const masked = text.replace(/"[^"]*"|“[^”]*”|‘[^’]*’|`[^`]*`|„[^“”]*[“”]|(?<!\p{L})'[^']*'(?!\p{L})/gu, (quote) => {
    hidden.push(quote);
    return `\`${hidden.length - 1}\``;
  });
  const parts = masked.split(joints).filter((part) => part !== undefined && part.trim() !== '');
  const kept = parts.length > most ? [...parts.slice(0, most - 1), parts.slice(most - 1).join(', ')] : parts;
  const shown = kept.map((part) => part.replace(/`(\d+)`/g, (_, index: string) => hidden[Number(index)] ?? ''));
  return shown.length === 0 ? [text] : shown;
}
