import type { RandomStream } from '../../core/seeds.ts';

/** Letters that lie beside each other on a keyboard. */
const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const leastLetters = 4;
/** One word in so many is mistyped, and at least one. */
const wordsPerTypo = 5;

/**
 * A template with slips of the fingers in its longer words: two letters swapped, one left out, doubled, or its neighbour's key hit. Values
 * in braces stay as they are.
 */
export function withTypos(template: string, stream: Pick<RandomStream, 'pick' | 'below'>): string {
  const pieces = template.split(/(\{\w+\}|[A-Za-z]+)/);
  const places = pieces.flatMap((piece, i) => (/^[A-Za-z]+$/.test(piece) && piece.length >= leastLetters ? [i] : []));
  const wanted = Math.min(places.length, Math.max(1, Math.round(places.length / wordsPerTypo)));
  const chosen = new Set<number>();
  while (chosen.size < wanted) chosen.add(stream.pick(places));
  return pieces.map((piece, i) => (chosen.has(i) ? mistyped(piece, stream) : piece)).join('');
}

/** The first letter is right: it is the last one that people get wrong. */
function mistyped(word: string, { pick, below }: Pick<RandomStream, 'pick' | 'below'>): string {
  for (;;) {
    const at = 1 + below(word.length - 1);
    const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
    const slip = pick([
      before + after,
      before + letter + letter + after,
      before + neighbourOf(letter, pick) + after,
      before.slice(0, -1) + letter + before.slice(-1) + after,
    ]);
    if (slip !== word && slip.charAt(0) === word.charAt(0)) return slip;
  }
}

function neighbourOf(letter: string, pick: RandomStream['pick']): string {
  const row = rows.find((one) => one.includes(letter)) ?? '';
  const at = row.indexOf(letter);
  return pick([row.charAt(at - 1), row.charAt(at + 1)].filter((one) => one !== '').concat(row === '' ? [letter] : []));
}
