import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { compareFacts, fileFact, observationFact } from '../../core/facts.ts';
import { boundedFacts, MOST_TEXT_BYTES } from '../../envs/state/bounded-facts.ts';
import { fileFacts } from '../../envs/state/files/facts.ts';

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

test('a file is stated by its text up to the limit, above it by length and hash', () => {
  const [fits, exceeds] = ['ü'.repeat(MOST_TEXT_BYTES / 2), `${'ü'.repeat(MOST_TEXT_BYTES / 2)}x`];
  expect(fileFacts(new Map([['a.txt', Buffer.from(fits)]]))).toEqual([fileFact('a.txt', fits)]);
  const mark = `[${MOST_TEXT_BYTES + 1} bytes, SHA-256 ${sha256(exceeds)}]`;
  expect(fileFacts(new Map([['a.txt', Buffer.from(exceeds)]]))).toEqual([fileFact('a.txt', mark)]);
});

test('a file of 300 MB makes a short fact, equal on both sides', () => {
  const facts = fileFacts(new Map([['big', Buffer.alloc(300_000_000, 'x')]]));
  expect(facts.join('').length).toBeLessThan(200);
  const again = fileFacts(new Map([['big', Buffer.alloc(300_000_000, 'x')]]));
  expect(compareFacts({}, { filesystem: facts }, { filesystem: again })).toMatchObject({ required: 1, right: 1 });
});

test('short facts stay as they are, a long text in any fact is told by length and hash', () => {
  const short = [observationFact('b', 'x'), observationFact('a', '"'.repeat(MOST_TEXT_BYTES / 2))];
  expect(boundedFacts(short)).toEqual(short);
  const long = 'y'.repeat(MOST_TEXT_BYTES + 1);
  expect(boundedFacts([observationFact('a', long)])).toEqual([
    observationFact('a', `[${long.length} bytes, SHA-256 ${sha256(long)}]`),
  ]);
});

test('more facts than a record holds end in a mark', () => {
  const facts = Array.from({ length: 50 }, (_, index) => fileFact(`${index}`, 'z'.repeat(1_000_000)));
  const bounded = boundedFacts(facts);
  expect(bounded.join('').length).toBeLessThan(2 ** 25 + 200);
  expect(bounded.at(-1)).toMatch(/more than a record holds.*\[17 facts, SHA-256 [0-9a-f]{64}\]/);
});
