import { describe, expect, it } from 'vitest';
import { randomStream, seedOf } from '../../core/seeds.ts';
import * as curve from '../../core/statistics/agreement/calibration-curve.ts';
import * as groups from '../../core/statistics/agreement/groups.ts';
import krippendorffsAlpha from '../../core/statistics/agreement/krippendorff.ts';
import predictionPowered from '../../core/statistics/agreement/prediction-powered.ts';
import { kendallsTau, partialRankCorrelation, spearmansRho } from '../../core/statistics/agreement/rank-correlation.ts';
import roganGladen from '../../core/statistics/agreement/rogan-gladen.ts';
import { areaUnderCurve, brierScore, constantBrier } from '../../core/statistics/agreement/scores.ts';
import * as classes from '../../core/statistics/agreement/two-classes.ts';
import * as votes from '../../core/statistics/agreement/votes.ts';
import clusteredEstimate, { clusteredMean } from '../../core/statistics/clustered.ts';

const decisions = (truths: readonly number[], said: readonly number[]) =>
  truths.map((truth, index) => ({ task: `t${index}`, truth: truth === 1, said: said[index] === 1 }));

/** Normal draws by Box and Muller. */
const normal = (uniform: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

/**
 * Flipped share where rewards within a group are normal with spread `spread` and the judge adds normal noise: the angle of
 * the two, arctan(noise / spread) / π, at any group size.
 */
const flippedShareOfNoise = (noise: number, spread: number): number => Math.atan2(noise, spread) / Math.PI;

describe('nothing to measure is said, not averaged', () => {
  it('empty samples have no figures', () => {
    expect(classes.accuracy([])).toBeNull();
    expect(classes.cohensKappa([])).toBeNull();
    expect(brierScore([])).toBeNull();
    expect(areaUnderCurve([])).toBeNull();
    expect(curve.equalMassEdges([], 10)).toEqual([]);
    expect(curve.calibrationError([], [])).toBeNull();
    expect(curve.errorIfCalibrated([], [])).toBeNull();
    expect(krippendorffsAlpha([], 'nominal')).toBeNull();
    expect(kendallsTau([], [])).toBeNull();
    expect(groups.withinGroupCorrelation([], 'spearman')).toBeNull();
    expect(votes.selfConsistency([])).toBeNull();
    expect(votes.voteVariance([{ task: 'a', votes: [1] }])).toBeNull();
    expect(clusteredEstimate([], () => 1)).toBeNull();
    expect(roganGladen([], [])).toBeNull();
    expect(predictionPowered([], [])).toBeNull();
  });

  it('one class leaves undefined what needs two', () => {
    const allTrue = decisions([1, 1, 1], [1, 0, 1]);
    expect(classes.sensitivity(allTrue)).toBeCloseTo(2 / 3, 12);
    expect(classes.specificity(allTrue)).toBeNull();
    expect(classes.balancedAccuracy(allTrue)).toBeNull();
    expect(areaUnderCurve(allTrue.map((one) => ({ ...one, score: Number(one.said) })))).toBeNull();
    expect(constantBrier(allTrue)).toBe(0);
  });

  it('all equal is no agreement: α and κ are undefined, not 1', () => {
    expect(classes.cohensKappa(decisions([1, 1, 1], [1, 1, 1]))).toBeNull();
    expect(
      krippendorffsAlpha(
        [
          [1, 1],
          [1, 1, null],
        ],
        'interval',
      ),
    ).toBeNull();
  });

  it('numbers that are none are refused', () => {
    expect(() => krippendorffsAlpha([[1, Number.NaN]], 'interval')).toThrow(RangeError);
    expect(() => spearmansRho([1, 2], [1])).toThrow('2 values cannot pair with 1.');
    expect(() => clusteredMean([], () => 1)).toThrow(RangeError);
  });

  it('few tasks give no interval, and no correction', () => {
    const one = decisions([1, 0], [1, 1]).map((item) => ({ ...item, task: 'same' }));
    expect(clusteredEstimate(one, classes.balancedAccuracy)).toMatchObject({ low: null, method: 'too few tasks' });
    // Only one task of three is true: most resamples lack it twice or hold nothing else.
    const rare = decisions([1, 0, 0, 0], [1, 0, 0, 1]);
    expect(roganGladen(rare, rare)).toBeNull();
    expect(
      predictionPowered(
        rare.map(({ task }) => ({ task, score: 1 })),
        [{ task: 'a', score: 1, truth: 1 }],
      ),
    ).toBeNull();
  });

  it('a flawless judge has no spread to resample: Wilson for shares, no interval for the rest', () => {
    const flawless = decisions([1, 0, 1, 0, 1, 0, 1, 0], [1, 0, 1, 0, 1, 0, 1, 0]);
    expect(clusteredEstimate(flawless, classes.accuracy, { isShare: true })).toMatchObject({
      high: 1,
      method: 'Wilson',
    });
    expect(clusteredEstimate(flawless, classes.cohensKappa)).toMatchObject({ low: null, method: 'no spread' });
  });

  it('a judge no better than a coin cannot be corrected for', () => {
    const coin = Array.from({ length: 40 }, (_, index) => ({
      task: `t${index}`,
      truth: index % 4 < 2,
      said: index % 2 === 0,
    }));
    expect(roganGladen(coin, coin)).toBeNull();
    const hardlyBetter = coin.map((one, index) => (index === 1 ? { ...one, said: true } : one));
    expect(roganGladen(coin, hardlyBetter)).toMatchObject({ low: 0, high: 1 });
  });
});

describe('the calibration error’s bias', () => {
  // shared facts: a perfectly calibrated judge with uniform scores, 10 bins of equal mass, by two independent scripts.
  it.each([
    [50, 0.141],
    [100, 0.101],
    [500, 0.044],
    [2000, 0.022],
  ])('of %i uniform scores is about %f', (count, bias) => {
    const scores = Array.from({ length: count }, (_, index) => (index + 0.5) / count);
    const none = curve.errorIfCalibrated(scores, curve.equalMassEdges(scores, 10));
    expect(Math.abs(Number(none?.mean) - bias), 'distance from the published bias').toBeLessThan(0.004);
    expect(Number(none?.upper), 'upper').toBeGreaterThan(Number(none?.mean));
  });

  it('is seldom exceeded by a calibrated judge, and mostly by one that is off by .15', () => {
    let [alarms, found] = [0, 0];
    for (let trial = 0; trial < 200; trial++) {
      const { uniform } = randomStream(seedOf('calibrated', trial));
      const scores = Array.from({ length: 300 }, () => 0.2 + 0.6 * uniform());
      const edges = curve.equalMassEdges(scores, 10);
      const upper = Number(curve.errorIfCalibrated(scores, edges, 200)?.upper);
      const truths = scores.map((score) => ({ score, truth: uniform() < score }));
      const shifted = scores.map((score) => ({ score, truth: uniform() < score - 0.15 }));
      alarms += Number(Number(curve.calibrationError(truths, edges)) > upper);
      found += Number(Number(curve.calibrationError(shifted, edges)) > upper);
    }
    expect(alarms / 200, 'false alarms').toBeLessThan(0.1);
    expect(found / 200, 'found').toBeGreaterThan(0.9);
  });
});

describe('signs of advantages', () => {
  it.each([0.25, 0.5, 1, 2])('flip by noise %f as the closed form says, at any group size', (noise) => {
    for (const size of [4, 8, 16]) {
      const { uniform } = randomStream(seedOf('flips', noise, size));
      const sample = Array.from({ length: 16_000 / size }, (_, index) => ({
        task: `t${index}`,
        members: Array.from({ length: size }, () => {
          const truth = normal(uniform);
          return { truth, judged: truth + noise * normal(uniform) };
        }),
      }));
      const flips = sample.map((group) => groups.flipsOf(group, size)!);
      const expected = flippedShareOfNoise(noise, 1);
      expect(Math.abs(Number(groups.flippedShare(flips)) - expected), `at G = ${size}`).toBeLessThan(0.02);
      expect(groups.lostShare(flips), 'lost').toBe(0);
      expect(groups.inventedShare(flips), 'no level group').toBeNull();
    }
  });

  it('the closed form gives the known values', () => {
    const shares = [0.25, 0.5, 1, 2].map((noise) => flippedShareOfNoise(noise, 1).toFixed(3));
    expect(shares).toEqual(['0.078', '0.148', '0.250', '0.352']);
  });

  it('subgroups of a larger group stand for groups of their size', () => {
    const members = [0, 0, 0, 1, 1, 1].map((truth, index) => ({ truth, judged: index === 0 ? 1 : truth }));
    const two = groups.flipsOf({ task: 'a', members }, 2);
    // 9 of 15 pairs differ truly, and 3 of them are level for the judge; of the 6 level pairs it sets 2 apart.
    expect(Math.abs(Number(groups.lostShare([two!])) - 1 / 3), 'lost').toBeLessThan(0.12);
    expect(Math.abs(Number(groups.inventedShare([two!])) - 1 / 3), 'invented').toBeLessThan(0.15);
    expect(Math.abs(Number(two?.signed) - 18 / 15), 'signed of 2').toBeLessThan(0.25);
    expect(groups.flipsOf({ task: 'a', members }, 8), 'too small a group').toBeNull();
  });

  it('a judge that gives all the same loses every sign and orders nothing', () => {
    const level = { task: 'a', members: [0, 0.1, 0.3].map((truth) => ({ truth, judged: 0.7 })) };
    expect(groups.lostShare([groups.flipsOf(level, 3)!])).toBe(1);
    expect(groups.withinGroupCorrelation([level], 'kendall')).toBe(0);
  });

  it('differences that are rounding are none', () => {
    const members = [0.1 + 0.2, 0.3, 0.3].map((judged, index) => ({ truth: index, judged }));
    expect(groups.flipsOf({ task: 'a', members }, 3)).toMatchObject({ flipped: 0, lost: 2, signed: 2 });
  });
});

const shown = (score: number, position: number) => ({ score, position });

describe('votes and biases', () => {
  it('votes that a judge withheld are left out', () => {
    const ballots = [
      { task: 'a', votes: [0.9, 0.8, null] },
      { task: 'b', votes: [0.9, 0.1, 0.2] },
    ];
    expect(votes.selfConsistency(ballots)).toBeCloseTo((2 + 2) / (2 + 6), 12);
    expect(votes.unanimousShare(ballots)).toBe(0.5);
    expect(votes.voteVariance(ballots)).toBeCloseTo((0.005 + 0.19) / 2, 12);
  });

  it('a judge that says yes to whatever stands first is found by asking in another order', () => {
    const ballots = [
      { task: 'a', votes: [shown(0.9, 0), shown(0.9, 0), shown(0.2, 3)] },
      { task: 'b', votes: [shown(0.9, 0), shown(0.8, 1)] },
    ];
    expect(votes.positionFlips(ballots)).toBeCloseTo(2 / 3, 12);
    expect(votes.positionFlips([{ task: 'a', votes: [shown(1, 0), shown(0, 0)] }])).toBeNull();
  });

  it('a judge that likes length shows it, one that likes what is true and long by itself does not', () => {
    const { uniform } = randomStream(7);
    const things = Array.from({ length: 400 }, () => {
      const truth = Number(uniform() < 0.5);
      return { truth, length: 100 * uniform() + 80 * truth, luck: uniform() };
    });
    const column = (read: (one: (typeof things)[number]) => number) => things.map(read);
    const truths = column(({ truth }) => truth);
    const lengths = column(({ length }) => length);
    const fair = partialRankCorrelation(
      column(({ truth, luck }) => truth + luck),
      lengths,
      truths,
    );
    const fond = partialRankCorrelation(
      column(({ truth, luck, length }) => truth + luck + length / 100),
      lengths,
      truths,
    );
    expect(Math.abs(Number(fair)), 'of a fair judge').toBeLessThan(0.1);
    expect(fond, 'of one fond of length').toBeGreaterThan(0.4);
    expect(partialRankCorrelation(truths, lengths, truths), 'a judge that is the truth').toBeNull();
  });
});
