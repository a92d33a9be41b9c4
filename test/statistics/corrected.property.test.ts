import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/seeds.ts';
import predictionPowered from '../../core/statistics/agreement/prediction-powered.ts';
import roganGladen from '../../core/statistics/agreement/rogan-gladen.ts';
import { areaUnderCurve } from '../../core/statistics/agreement/scores.ts';
import clusteredEstimate from '../../core/statistics/clustered.ts';

const share = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const item = fc
  .record({ task: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), truth: fc.boolean(), score: share })
  .map((one) => ({ ...one, said: one.score >= 0.5 }));
const items = fc.array(item, { minLength: 1, maxLength: 60 });
const between = (value: number | null, low: number, high: number) => {
  if (value === null) return;
  expect(value).toBeGreaterThanOrEqual(low - 1e-9);
  expect(value).toBeLessThanOrEqual(high + 1e-9);
};

type Item = typeof item extends fc.Arbitrary<infer T> ? T : never;
const turned = (sample: readonly Item[]) =>
  sample.map((one) => ({ ...one, truth: !one.truth, said: !one.said, score: 1 - one.score }));
const numbers = (sample: readonly Item[]) => sample.map((one) => ({ ...one, truth: Number(one.truth) }));

describe('corrected shares', () => {
  it('lie in 0..1 with their value inside, and turn with truth and answer', () => {
    fc.assert(
      fc.property(items, items, (judged, labelled) => {
        const both = [
          [roganGladen(judged, labelled), roganGladen(turned(judged), turned(labelled))],
          [predictionPowered(judged, numbers(labelled)), predictionPowered(turned(judged), numbers(turned(labelled)))],
        ];
        for (const [there, back] of both) {
          if (!there || !back) {
            expect(there).toBe(back);
            continue;
          }
          between(there.value, there.low, there.high);
          between(there.low, 0, 1);
          between(there.high, 0, 1);
          expect(back.value).toBeCloseTo(1 - there.value, 7);
          expect(back.low).toBeCloseTo(1 - there.high, 7);
        }
      }),
    );
  });

  it('a judge without fault changes nothing', () => {
    fc.assert(
      fc.property(items, items, (judged, labelled) => {
        const right = labelled.map((one) => ({ ...one, said: one.truth }));
        const corrected = roganGladen(judged, right);
        if (corrected === null) return;
        expect(corrected.value).toBeCloseTo(judged.filter(({ said }) => said).length / judged.length, 9);
      }),
    );
  });
});

describe('a clustered estimate', () => {
  it('holds its value, does not depend on the order of items, and is that of one task a cluster', () => {
    fc.assert(
      fc.property(items, fc.integer(), (sample, seed) => {
        const options = { resamples: 60 };
        const estimate = clusteredEstimate(sample, areaUnderCurve, options);
        const shuffled = clusteredEstimate(randomStream(seed).shuffle(sample), areaUnderCurve, options);
        expect(shuffled === null).toBe(estimate === null);
        if (!estimate || !shuffled) return;
        expect(shuffled.value).toBeCloseTo(estimate.value, 9);
        expect(shuffled.tasks).toBe(new Set(sample.map(({ task }) => task)).size);
        if (estimate.low === null || estimate.high === null) return;
        between(estimate.value, estimate.low, estimate.high);
        expect(shuffled.low).toBeCloseTo(estimate.low, 9);
        expect(shuffled.high).toBeCloseTo(estimate.high, 9);
      }),
    );
  });
});
