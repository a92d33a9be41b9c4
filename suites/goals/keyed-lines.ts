import type { Draw } from '../tasks/draw.ts';

const heads = [
  'budget',
  'code',
  'contact',
  'entry',
  'fee',
  'label',
  'limit',
  'mark',
  'number',
  'owner',
  'rate',
  'target',
];

/** `key: value` lines in a drawn order, of which one has the value wanted, and the same keys with other values. */
export interface KeyedLines {
  readonly key: string;
  readonly lines: readonly string[];
  readonly decoys: readonly string[];
}

export function keyedLines(draw: Draw, value: string): KeyedLines {
  const keys = [1, 2, 3].map(() => `${draw.title()} ${draw.pick(heads)}`);
  const [key = '', ...others] = keys;
  const other = () => `${draw.name()} ${10 + draw.below(90)}`;
  return {
    key,
    lines: draw.shuffle([`${key}: ${value}`, ...others.map((otherKey) => `${otherKey}: ${other()}`)]),
    decoys: draw.shuffle(keys.map((key) => `${key}: ${other()}`)),
  };
}

/** Lines as a file's text. */
export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
