import { randomStream } from '../../core/seeds.ts';

/** Letters of a long result, and of the one that it is compared with. */
export const LONG_LETTERS = 5_000_000;
export const SHORT_LETTERS = 50_000;

const from = (letters: string) => {
  const all = Array.from(letters);
  return (pick: () => number) => all[pick() % all.length] as string;
};

/** One letter after the other of texts that are hard to count, each in another way. */
const kinds: Readonly<Record<string, (draw: () => number) => string>> = {
  'one letter': () => 'x',
  hex: from('0123456789abcdef'),
  base64: from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  dashes: () => '-',
  'mixed Chinese': (draw) => String.fromCodePoint(0x4e00 + (draw() % 20_000)),
  emoji: (draw) => String.fromCodePoint(0x1f300 + (draw() % 700)),
};

export const longTextKinds: readonly string[] = Object.keys(kinds);

/** Drawn letters of a kind; other ones for each seed, where there is a choice. */
export function longText(kind: string, letters: number, seed: number): string {
  const { below } = randomStream(seed);
  const letter = kinds[kind];
  if (letter === undefined) throw new Error(`there is no kind of text "${kind}"`);
  const parts: string[] = [];
  // In pieces: a list of five million texts would be the most of the memory that is measured.
  for (let rest = letters; rest > 0; rest -= PIECE)
    parts.push(Array.from({ length: Math.min(rest, PIECE) }, () => letter(() => below(2 ** 20))).join(''));
  // No text comes twice, not even of one letter.
  return `${seed} ${parts.join('')}`;
}

const PIECE = 10_000;
