import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { clauseVector, cosine, knownWord, vectorWidth, wordVector } from '../../core/word-vectors/word-vectors.ts';
import golden from './word-vectors.golden.json' with { type: 'json' };

const folder = new URL('../../core/word-vectors/', import.meta.url);
const vectorOf = (word: string) => wordVector(word) ?? expect.fail(`${word} is not known`);
const weightOf = (word: string) => knownWord(word)?.weight ?? 0;

describe('vectors of words', () => {
  test('are small enough to be packed, a row a word', () => {
    const words = readFileSync(new URL('words.txt', folder), 'utf8').split('\n').slice(0, -1);
    const { size } = statSync(new URL('vectors.int8', folder));
    expect(size, 'a byte an entry').toBe(words.length * vectorWidth);
    expect(size).toBeLessThan(6e6);
    expect(new Set(words).size, 'no word twice').toBe(words.length);
    expect(words.filter((word) => !/^[a-z]+$/.test(word))).toEqual([]);
  });

  test.each(Object.entries(golden))('"%s" has the mean that numpy computes', (text, expected) => {
    const vector = clauseVector(text);
    expected.forEach((entry, i) => expect(vector[i], `entry ${i}`).toBeCloseTo(entry, 6));
    expect(expected.length).toBe(vectorWidth);
  });

  test.each([
    ['folder', 'directory', 'person'],
    ['delete', 'remove', 'create'],
    ['task', 'assignment', 'folder'],
    ['compute', 'calculate', 'rename'],
    ['sheet', 'spreadsheet', 'friend'],
  ])('%s is nearer to %s than to %s', (word, like, unlike) => {
    const near = cosine(vectorOf(word), vectorOf(like));
    expect(near).toBeGreaterThan(cosine(vectorOf(word), vectorOf(unlike)) + 0.1);
  });

  test('an unknown word is read by its stem, and a word of neither kind not at all', () => {
    expect(wordVector('relocates'), 'in the vocabulary by its stem alone').toBe(wordVector('relocated'));
    expect(wordVector('relocated')).not.toBeNull();
    expect(wordVector('xqzzyv')).toBeNull();
    expect(wordVector('2026')).toBeNull();
    expect(clauseVector('xqzzyv 2026'), 'all 0').toEqual(new Float32Array(vectorWidth));
    expect(cosine(clauseVector('xqzzyv'), clauseVector('folder')), 'nothing is like it').toBe(0);
  });

  test('words that are everywhere weigh little', () => {
    expect(weightOf('the')).toBeLessThan(0.1);
    expect(weightOf('directory')).toBeGreaterThan(0.7);
    expect(cosine(clauseVector('the folder of it'), vectorOf('folder'))).toBeGreaterThan(0.95);
  });
});
