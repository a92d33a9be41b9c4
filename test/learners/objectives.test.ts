import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lossWeights, type LossAggregation } from '../../baselines/learning/loss-aggregation.ts';
import {
  clippedSurrogate,
  directPreference,
  k3,
  likelihood,
  type Objective,
} from '../../baselines/learning/policy-loss.ts';

/** What one pass over log-probabilities gives: metrics, and the slope of every choice. */
function passOver(objective: Objective, logs: readonly (readonly number[])[]) {
  const pass = objective.pass(() => logs.map((own) => Float64Array.from(own)));
  const slopes = logs.map((own, session) => own.map((log, choice) => pass.slope(session, choice, log)));
  return { metrics: pass.metrics() as Record<string, number>, slopes };
}

const plain = { clipLow: 0.2, clipHigh: 0.28, importanceSampling: 'token', beta: 0 } as const;

test('k3 estimates KL without bias and without ever being negative, where k2 is biased', () => {
  // KL of (.5, .3, .2) to (.2, .5, .3), and what ½(log ratio)² takes for it; by two independent scripts.
  const p = [0.5, 0.3, 0.2];
  const q = [0.2, 0.5, 0.3];
  const mean = (estimate: (logRatio: number) => number) =>
    p.reduce((sum, one, i) => sum + one * estimate(Math.log((q[i] ?? 0) / one)), 0);
  expect(mean(k3)).toBeCloseTo(0.2238047, 7);
  expect(mean((logRatio) => -logRatio)).toBeCloseTo(0.2238047, 7);
  expect(mean((logRatio) => logRatio ** 2 / 2)).toBeCloseTo(0.2654788, 7);
  fc.assert(fc.property(fc.integer({ min: -20_000, max: 20_000 }), (x) => k3(x / 1000) >= 0));
});

/** Losses are 1 for the short episode's choice, −1 for each of the long one's. */
const total = (mode: LossAggregation) => {
  const [short = 0, long = 0] = lossWeights([1, 9], mode, 10);
  return short - 9 * long;
};

test('aggregation by length: episodes of 1 and 9 choices tell the four apart', () => {
  expect(total('seq-mean-token-sum')).toBeCloseTo(-4, 12);
  expect(total('seq-mean-token-mean')).toBeCloseTo(0, 12);
  expect(total('token-mean')).toBeCloseTo(-0.8, 12);
  expect(total('seq-mean-token-sum-norm')).toBeCloseTo(-0.4, 12);
  expect(lossWeights([0, 2], 'seq-mean-token-mean', 1)).toEqual([0.5, 0.25]);
});

test('on-policy every ratio is 1, nothing is clipped, and the loss is the mean advantage’s negative', () => {
  const logs = [[-0.1, -0.5], [-2]];
  const terms = logs.map((behaviour, i) => ({ advantages: behaviour.map(() => i + 1), behaviour, weight: 1 / 3 }));
  for (const importanceSampling of ['token', 'sequence'] as const) {
    const { metrics, slopes } = passOver(clippedSurrogate(terms, { ...plain, importanceSampling }), logs);
    expect(metrics).toMatchObject({ clip_ratio: 0, kl: 0 });
    expect(metrics['loss']).toBeCloseTo(-4 / 3, 12);
    // REINFORCE's gradient: −weight · advantage.
    expect(slopes.flat()).toEqual([-1 / 3, -1 / 3, -2 / 3]);
  }
});

const term = (advantage: number, behaviour: number) => ({
  advantages: [advantage],
  behaviour: [behaviour],
  weight: 1,
});

test('clip fractions count ratios below with a negative, above with a positive advantage', () => {
  // Ratios 1.25, 1.3, 0.7, 0.7 to the old probabilities.
  const terms = [term(1, -Math.log(1.25)), term(1, -Math.log(1.3)), term(-1, -Math.log(0.7)), term(1, -Math.log(0.7))];
  const { metrics, slopes } = passOver(clippedSurrogate(terms, plain), [[0], [0], [0], [0]]);
  expect(metrics).toMatchObject({ clip_ratio: 0.5, clip_ratio_low: 0.25, clip_ratio_high: 0.25 });
  expect(slopes.flat().map((slope) => slope !== 0)).toEqual([true, false, false, true]);
  expect(metrics['loss']).toBeCloseTo(-1.25 - 1.28 + 0.8 - 0.7, 12);
});

test('one ratio per episode is the exponential of the mean log-ratio (GSPO, eq. 7)', () => {
  const terms = [{ advantages: [1, 1, 1], behaviour: [-1, -1, -1], weight: 1 / 3 }];
  const { metrics, slopes } = passOver(
    clippedSurrogate(terms, { ...plain, importanceSampling: 'sequence', clipHigh: 9 }),
    [[-0.7, -1.3, -0.4]],
  );
  const ratio = Math.exp((0.3 - 0.3 + 0.6) / 3);
  expect(metrics['loss']).toBeCloseTo(-ratio, 12);
  slopes.flat().forEach((slope) => expect(slope).toBeCloseTo(-ratio / 3, 12));
});

describe('every slope is the derivative of its loss, by finite differences', () => {
  const logs = [
    [-0.4, -1.1, -0.2],
    [-2, -0.6],
    [-0.9, -1.4],
  ];
  const behaviour = [
    [-0.5, -1, -0.25],
    [-1.7, -0.6],
    [-0.9, -1.1],
  ];
  const reference = behaviour.map((own) => own.map((log) => log - 0.3));
  const terms = behaviour.map((own, i) => ({
    advantages: own.map(() => [1.3, -0.8, 0.4][i] ?? 0),
    behaviour: own,
    reference: reference[i] ?? [],
    weight: 0.4,
  }));
  const wide = { clipLow: 0.9, clipHigh: 9, beta: 0 } as const;
  const pairs = [
    { chosen: 0, rejected: 1 },
    { chosen: 2, rejected: 1 },
  ];
  test.each([
    ['clipped surrogate', clippedSurrogate(terms, plain)],
    ['ratio by episode', clippedSurrogate(terms, { ...wide, importanceSampling: 'sequence' })],
    ['with k3 to a reference', clippedSurrogate(terms, { ...wide, importanceSampling: 'token', beta: 0.3 })],
    ['likelihood', likelihood([0.2, 0.5, 0.3])],
    ['preferences', directPreference(pairs, reference, 0.5)],
  ] as const)('%s', (_, objective) => {
    const { slopes } = passOver(objective, logs);
    const lossWith = (session: number, choice: number, by: number) => {
      const moved = logs.map((own, s) => own.map((log, c) => (s === session && c === choice ? log + by : log)));
      return passOver(objective, moved).metrics['loss'] ?? Number.NaN;
    };
    logs.forEach((own, session) =>
      own.forEach((_log, choice) => {
        const difference = (lossWith(session, choice, 1e-5) - lossWith(session, choice, -1e-5)) / 2e-5;
        // A ratio by episode stands for each of its choices: their losses move together.
        expect(slopes[session]?.[choice], `choice ${choice} of ${session}`).toBeCloseTo(difference, 6);
      }),
    );
  });
});

test('DPO: at the reference every margin is 0 and the loss ln 2; the chosen is pulled as the rejected is pushed', () => {
  const logs = [
    [-1, -2],
    [-0.5, -0.7],
  ];
  const { metrics, slopes } = passOver(directPreference([{ chosen: 1, rejected: 0 }], logs, 0.1), logs);
  expect(metrics['loss']).toBeCloseTo(Math.LN2, 12);
  expect(metrics).toMatchObject({ rewards_margins: 0, rewards_accuracies: 0 });
  expect(slopes).toEqual([
    [0.05, 0.05],
    [-0.05, -0.05],
  ]);
});
