import type { Json } from '../json.ts';

/** Lines that begin with `- ` (was) or `+ ` (is), as in a diff. */
export type Difference = readonly string[];

const mostLines = 8;
const mostCharacters = 240;

/** Two texts: lines that only one of them has, and each cut to where the two part. */
export function textDifference(before: string, now: string): Difference {
  const [left, right] = [before.split('\n'), now.split('\n')];
  const [gone, come] = [onlyOf(left, right), onlyOf(right, left)];
  if (gone.length === 0 && come.length === 0) return ['the same lines in another order or number'];
  const pairs = Math.max(gone.length, come.length);
  const lines = Array.from({ length: pairs }, (_, index) => {
    const [was, is] = [gone[index], come[index]];
    const start = was === undefined || is === undefined ? 0 : firstDifference(was, is);
    return [
      ...(was === undefined ? [] : [`- ${cut(was, start)}`]),
      ...(is === undefined ? [] : [`+ ${cut(is, start)}`]),
    ];
  }).flat();
  return shortened(lines);
}

const onlyOf = (lines: readonly string[], others: readonly string[]): string[] =>
  lines.filter((line) => !others.includes(line));

/** Two JSON values: each place in which they differ. */
export function jsonDifference(before: Json | undefined, now: Json | undefined): Difference {
  const [left, right] = [leavesOf(before), leavesOf(now)];
  const lines = [...new Set([...left.keys(), ...right.keys()])].flatMap((path) => {
    const [was, is] = [left.get(path), right.get(path)];
    if (was === is) return [];
    const where = path === '' ? '' : `${path}: `;
    const start = was === undefined || is === undefined ? 0 : firstDifference(was, is);
    return [
      ...(was === undefined ? [] : [`- ${where}${cut(was, start)}`]),
      ...(is === undefined ? [] : [`+ ${where}${cut(is, start)}`]),
    ];
  });
  return lines.length === 0 ? ['the same keys in another order'] : shortened(lines);
}

function leavesOf(value: Json | undefined, path = ''): Map<string, string> {
  if (value === undefined) return new Map();
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (inner.length === 0) return new Map([[path, JSON.stringify(value)]]);
  return new Map(inner.flatMap(([key, one]) => [...leavesOf(one, path === '' ? key : `${path}.${key}`)]));
}

const firstDifference = (one: string, other: string): number => {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return index;
};

/** The part of a long line in which the difference begins. */
function cut(line: string, start: number): string {
  if (line.length <= mostCharacters) return line;
  const from = Math.max(0, Math.min(start - mostCharacters / 4, line.length - mostCharacters));
  const part = line.slice(from, from + mostCharacters);
  return `${from > 0 ? '…' : ''}${part}${from + mostCharacters < line.length ? '…' : ''}`;
}

const shortened = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `… and ${lines.length - mostLines} lines more`];
