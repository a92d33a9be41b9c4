import { readFileSync } from 'node:fs';
import { frameOf } from './mentions.ts';

// DEV STAND-IN
const words = (JSON.parse(readFileSync('/tmp/ol/glove/glove.words.json', 'utf8')) as string[]).slice(0, 40000);
const raw = readFileSync('/tmp/ol/glove/glove.bin');
const table = new Float32Array(raw.buffer, raw.byteOffset, 40000 * 100);
const rank = new Map(words.map((word, index) => [word, index]));
const mean = new Float64Array(100);
for (let i = 0; i < 20000; i++) for (let j = 0; j < 100; j++) mean[j]! += table[i * 100 + j]! / 20000;
const size = 100;

function wordVector(word: string): Float32Array | null {
  const at = rank.get(word);
  if (at === undefined) return null;
  const v = Float32Array.from({ length: size }, (_, j) => table[at * size + j]! - mean[j]!);
  const n = Math.sqrt(v.reduce((s, x) => s + x * x, 0));
  return v.map((x) => x / n);
}
const weightOf = (word: string) => 0.001 / (0.001 + 0.1 / ((rank.get(word) ?? 60000) + 1));

/** Numbers of a text's vector. */
export const vectorSize = 2 * size + 4;

const negators = new Set([
  'no',
  'not',
  'never',
  'none',
  'nothing',
  'without',
  'neither',
  'nor',
  'nobody',
  'nowhere',
  'cannot',
  'zero',
  'lacks',
  'lack',
  'kein',
  'keine',
  'nicht',
  'nichts',
  'keinem',
]);
const memo = new Map<string, Float32Array>();

export function vectorOf(text: string, isKept?: () => boolean): Float32Array {
  let found = isKept ? undefined : memo.get(text);
  if (found) return found;
  found = new Float32Array(vectorSize);
  const list =
    frameOf(text.replace(/`[^`]*`|(?<!\p{L})'[^']*'(?!\p{L})/gu, ' '))
      .toLowerCase()
      .replace(/n't\b/g, ' not')
      .match(/\p{L}+|\d+/gu) ?? [];
  let scope = 0,
    negs = 0;
  for (const word of list) {
    if (negators.has(word)) {
      scope = 4;
      negs++;
    }
    const v = isKept && !isKept() ? null : wordVector(word);
    if (v) {
      const w = weightOf(word);
      for (let j = 0; j < size; j++) {
        found[j]! += w * v[j]!;
        if (scope > 0 && !negators.has(word)) found[size + j]! += w * v[j]!;
      }
    }
    if (!negators.has(word)) scope--;
  }
  for (const part of [0, 1]) {
    let n = 0;
    for (let j = 0; j < size; j++) n += found[part * size + j]! ** 2;
    n = Math.sqrt(n) || 1;
    for (let j = 0; j < size; j++) found[part * size + j]! *= 3 / n;
  }
  found[2 * size] = negs % 2;
  found[2 * size + 1] = Math.min(1, negs);
  found[2 * size + 2] = negs > 1 ? 1 : 0;
  found[2 * size + 3] = 1;
  if (memo.size > 20000) memo.clear();
  if (!isKept) memo.set(text, found);
  return found;
}
