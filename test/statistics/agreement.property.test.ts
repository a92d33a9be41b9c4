import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/seeds.ts';
import {
  calibrationCurve,
  calibrationError,
  equalMassEdges,
} from '../../core/statistics/agreement/calibration-curve.ts';
import { flipsOf, withinGroupCorrelation } from '../../core/statistics/agreement/groups.ts';
import krippendorffsAlpha, { type Metric } from '../../core/statistics/agreement/krippendorff.ts';
import { kendallsTau, partialRankCorrelation, spearmansRho } from '../../core/statistics/agreement/rank-correlation.ts';
import { areaUnderCurve, brierScore } from '../../core/statistics/agreement/scores.ts';
import * as classes from '../../core/statistics/agreement/two-classes.ts';
import { selfConsistency, unanimousShare } from '../../core/statistics/agreement/votes.ts';

const share = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const item = fc
  .record({ task: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), truth: fc.boolean(), score: share })
  .map((one) => ({ ...one, said: one.score >= 0.5 }));
const items = fc.array(item, { minLength: 1, maxLength: 60 });
const small = fc.integer({ min: 0, max: 4 });
const pairs = fc.array(fc.tuple(small, small), { minLength: 1, maxLength: 20 });
const units = fc.array(fc.array(fc.option(small), { maxLength: 4 }), { minLength: 1, maxLength: 20 });
const metric = fc.constantFrom<Metric>('nominal', 'ordinal', 'interval');
const group = fc.record({
  task: fc.constantFrom('a', 'b'),
  members: fc.array(fc.record({ truth: small, judged: small }), { minLength: 2, maxLength: 8 }),
});
const between = (value: number | null, low: number, high: number) => {
  if (value === null) return;
  expect(value).toBeGreaterThanOrEqual(low - 1e-9);
  expect(value).toBeLessThanOrEqual(high + 1e-9);
};

describe('figures of two classes', () => {
  it('keep their bounds, and turn with the answers', () => {
    fc.assert(
      fc.property(items, (sample) => {
        const turned = sample.map((one) => ({ ...one, said: !one.said }));
        for (const figure of [classes.sensitivity, classes.specificity, classes.balancedAccuracy, classes.accuracy]) {
          const value = figure(sample);
          between(value, 0, 1);
          if (value !== null) expect(figure(turned)).toBeCloseTo(1 - value, 9);
        }
        between(classes.cohensKappa(sample), -1, 1);
        between(classes.constantAccuracy(sample), 0.5, 1);
      }),
    );
  });

  it('κ does not tell rater from truth, nor yes from no, and is 1 for the truth itself', () => {
    fc.assert(
      fc.property(items, (sample) => {
        const kappa = classes.cohensKappa(sample);
        const swapped = classes.cohensKappa(sample.map(({ truth, said }) => ({ truth: said, said: truth })));
        const renamed = classes.cohensKappa(sample.map(({ truth, said }) => ({ truth: !truth, said: !said })));
        expect(swapped).toEqual(kappa);
        expect(renamed).toEqual(kappa);
        const perfect = classes.cohensKappa(sample.map(({ truth }) => ({ truth, said: truth })));
        expect(perfect).toBe(new Set(sample.map(({ truth }) => truth)).size === 2 ? 1 : null);
      }),
    );
  });

  it('a judge that always says the same is a coin: balanced accuracy .5, κ 0 or undefined', () => {
    fc.assert(
      fc.property(items, fc.boolean(), (sample, said) => {
        const constant = sample.map((one) => ({ ...one, said }));
        expect([0.5, null]).toContain(classes.balancedAccuracy(constant));
        expect([0, null]).toContain(classes.cohensKappa(constant));
      }),
    );
  });
});

describe('Krippendorff’s α', () => {
  it('is at most 1, and the same for any order of units and raters', () => {
    fc.assert(
      fc.property(units, metric, fc.integer(), (sample, kind, seed) => {
        const alpha = krippendorffsAlpha(sample, kind);
        between(alpha, -1, 1);
        const { shuffle } = randomStream(seed);
        const shuffled = krippendorffsAlpha(
          shuffle(sample).map((unit) => shuffle(unit)),
          kind,
        );
        if (alpha === null) expect(shuffled).toBeNull();
        else expect(shuffled).toBeCloseTo(alpha, 9);
      }),
    );
  });

  it('does not mind names (nominal), any rising scale (ordinal), unit and origin (interval), nor units rated once', () => {
    fc.assert(
      fc.property(units, metric, (sample, kind) => {
        const change = (value: number) =>
          kind === 'nominal' ? (value * 3) % 5 : kind === 'ordinal' ? value ** 3 : 7 - 2 * value;
        const changed = sample.map((unit) => unit.map((value) => (value === null ? null : change(value))));
        const [alpha, other] = [krippendorffsAlpha(sample, kind), krippendorffsAlpha([...changed, [99]], kind)];
        if (alpha === null) expect(other).toBeNull();
        else expect(other).toBeCloseTo(alpha, 9);
      }),
    );
  });

  it('of decisions is the nominal one of truth and answer', () => {
    fc.assert(
      fc.property(items, (sample) => {
        const pairsOf = sample.map(({ truth, said }) => [Number(truth), Number(said)]);
        const [alpha, quick] = [krippendorffsAlpha(pairsOf, 'nominal'), classes.alphaOfDecisions(sample)];
        if (alpha === null) expect(quick).toBeNull();
        else expect(quick).toBeCloseTo(alpha, 12);
      }),
    );
  });

  it('the three metrics agree on two values', () => {
    fc.assert(
      fc.property(units, (sample) => {
        const binary = sample.map((unit) => unit.map((value) => (value === null ? null : value % 2)));
        const [nominal, ordinal, interval] = (['nominal', 'ordinal', 'interval'] as const).map((kind) =>
          krippendorffsAlpha(binary, kind),
        );
        if (typeof nominal !== 'number') return;
        expect(ordinal).toBeCloseTo(nominal, 9);
        expect(interval).toBeCloseTo(nominal, 9);
      }),
    );
  });
});

describe('figures of scores', () => {
  it('AUC heeds the order of scores alone, and turns with them; Brier keeps 0..1', () => {
    fc.assert(
      fc.property(items, (sample) => {
        const area = areaUnderCurve(sample);
        between(area, 0, 1);
        between(brierScore(sample), 0, 1);
        if (area === null) return;
        // Powers of two, so that no two scores become equal by rounding.
        expect(areaUnderCurve(sample.map((one) => ({ ...one, score: one.score * 4 })))).toBe(area);
        expect(areaUnderCurve(sample.map((one) => ({ ...one, score: -one.score })))).toBeCloseTo(1 - area, 9);
      }),
    );
  });

  it('the curve holds every score once, and its error is at most the mean distance of score and truth', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 12 }), (sample, bins) => {
        const edges = equalMassEdges(
          sample.map(({ score }) => score),
          bins,
        );
        const curve = calibrationCurve(sample, edges);
        expect(curve.reduce((sum, { count }) => sum + count, 0)).toBe(sample.length);
        const distance = sample.reduce((sum, one) => sum + Math.abs(one.score - Number(one.truth)), 0) / sample.length;
        between(calibrationError(sample, edges), 0, distance);
      }),
    );
  });
});

describe('rank correlations', () => {
  it('keep −1..1, are symmetric, heed order alone, and turn with either side', () => {
    fc.assert(
      fc.property(pairs, (sample) => {
        const [left, right] = [sample.map(([one]) => one), sample.map(([, other]) => other)];
        for (const correlate of [spearmansRho, kendallsTau]) {
          const value = correlate(left, right);
          between(value, -1, 1);
          if (value === null) continue;
          expect(correlate(right, left)).toBeCloseTo(value, 9);
          expect(
            correlate(
              left.map((one) => one ** 3),
              right,
            ),
          ).toBeCloseTo(value, 9);
          expect(
            correlate(
              left.map((one) => -one),
              right,
            ),
          ).toBeCloseTo(-value, 9);
        }
      }),
    );
  });

  it('given something constant the partial one is Spearman’s; it keeps −1..1', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small, small), { minLength: 4, maxLength: 20 }), (sample) => {
        const [left, right, given] = [0, 1, 2].map((index) => sample.map((one) => one[index] as number));
        const partial = partialRankCorrelation(left!, right!, given!);
        between(partial, -1, 1);
        const plain = partialRankCorrelation(
          left!,
          right!,
          left!.map(() => 1),
        );
        const rho = spearmansRho(left!, right!);
        if (rho === null) expect(plain).toBeNull();
        else expect(plain).toBeCloseTo(rho, 9);
      }),
    );
  });
});

describe('groups of rewards', () => {
  it('a judge that knows the truth flips, loses and invents nothing; unit and origin of its scores do not matter', () => {
    fc.assert(
      fc.property(group, fc.integer({ min: 2, max: 5 }), (one, size) => {
        const right = { ...one, members: one.members.map(({ truth }) => ({ truth, judged: 3 * truth + 1 })) };
        const flips = flipsOf(right, size);
        if (one.members.length < size) expect(flips).toBeNull();
        else expect(flips).toMatchObject({ flipped: 0, lost: 0, invented: 0 });
        expect([1, null]).toContain(withinGroupCorrelation([right], 'kendall'));
      }),
    );
  });

  it('flipped and lost are parts of the signed, invented of the level', () => {
    fc.assert(
      fc.property(group, fc.integer({ min: 2, max: 5 }), (one, size) => {
        const flips = flipsOf(one, size);
        if (flips === null) return;
        between(flips.flipped + flips.lost, 0, flips.signed);
        between(flips.invented, 0, flips.level);
        between(flips.signed + flips.level, 0, size);
        between(withinGroupCorrelation([one], 'spearman'), -1, 1);
      }),
    );
  });
});

describe('votes', () => {
  it('agree with themselves in 0..1, wholly where unanimous, and never below the unanimous share', () => {
    const ballots = fc.array(
      fc.record({ task: fc.constant('a'), votes: fc.array(fc.option(share), { minLength: 3, maxLength: 3 }) }),
    );
    fc.assert(
      fc.property(ballots, (sample) => {
        const [consistency, unanimous] = [selfConsistency(sample), unanimousShare(sample)];
        between(consistency, 0, 1);
        if (unanimous === 1) expect(consistency).toBe(1);
        if (unanimous !== null) expect(consistency).not.toBeNull();
      }),
    );
  });
});
