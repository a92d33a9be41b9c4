import { assert, nat, property } from 'fast-check';
import { expect, test } from 'vitest';
import { countTokens, cutToTokens } from '../../core/tokens/qwen3.ts';
import { edgeText } from './edge-text.ts';
import { slowIds } from './slow-tokenizer.ts';

test('the count equals the whole library over the whole text', () => {
  assert(
    property(edgeText, (text) => {
      expect(countTokens(text), 'tokens').toBe(slowIds(text).length);
    }),
    { numRuns: 1500 },
  );
});

test('a cut text fits, is a beginning of the text, and states what it lacks', () => {
  assert(
    property(edgeText, nat(30), (text, limit) => {
      const whole = slowIds(text).length;
      const cut = cutToTokens(text, limit);
      const kept = slowIds(cut.text).length;
      expect(kept, 'kept tokens').toBeLessThanOrEqual(limit);
      expect(kept + cut.cutTokens, 'kept and cut').toBe(whole);
      if (whole <= limit) expect(cut).toEqual({ text, cutTokens: 0 });
      else expect(text.normalize('NFC').startsWith(cut.text.normalize('NFC')) || cut.text === '').toBe(true);
    }),
    { numRuns: 1500 },
  );
});

test('surrogate pairs stay whole', () => {
  const text = '👍🏽🦖🧬'.repeat(20);
  for (let limit = 0; limit < 60; limit++)
    expect(cutToTokens(text, limit).text.isWellFormed(), String(limit)).toBe(true);
});

test('a long word is cut inside', () => {
  const { text, cutTokens } = cutToTokens('x'.repeat(5_000), 10);
  expect(text.length).toBeGreaterThan(0);
  expect(slowIds(text).length + cutTokens, 'kept and cut').toBe(slowIds('x'.repeat(5_000)).length);
});
