import { describe, expect, it } from 'vitest';
import { randomStream, seedOf } from '../../core/seeds.ts';
import predictionPowered from '../../core/statistics/agreement/prediction-powered.ts';
import roganGladen from '../../core/statistics/agreement/rogan-gladen.ts';
import { balancedAccuracy } from '../../core/statistics/agreement/two-classes.ts';
import clusteredEstimate from '../../core/statistics/clustered.ts';

/** A world in which shares are known; what one task's things have in common is `likeness` (its intraclass correlation). */
interface Truth {
  readonly name: string;
  readonly share: number;
  readonly sensitivity: number;
  readonly specificity: number;
  readonly likeness: number;
  readonly judged: { readonly tasks: number; readonly each: number };
  readonly labelled: { readonly tasks: number; readonly each: number };
}

const coin = { share: 0.5, sensitivity: 0.5, specificity: 0.55, likeness: 0 };
const truths: readonly Truth[] = [
  {
    name: 'a fair judge',
    share: 0.3,
    sensitivity: 0.9,
    specificity: 0.9,
    likeness: 0,
    judged: { tasks: 100, each: 1 },
    labelled: { tasks: 60, each: 1 },
  },
  {
    name: 'rare success',
    share: 0.05,
    sensitivity: 0.95,
    specificity: 0.9,
    likeness: 0,
    judged: { tasks: 100, each: 1 },
    labelled: { tasks: 60, each: 1 },
  },
  {
    name: 'rare failure',
    share: 0.95,
    sensitivity: 0.7,
    specificity: 0.8,
    likeness: 0,
    judged: { tasks: 100, each: 1 },
    labelled: { tasks: 60, each: 1 },
  },
  {
    name: 'repeats of tasks',
    share: 0.5,
    sensitivity: 0.9,
    specificity: 0.8,
    likeness: 0.3,
    judged: { tasks: 100, each: 4 },
    labelled: { tasks: 40, each: 4 },
  },
  {
    name: 'a weak judge',
    share: 0.6,
    sensitivity: 0.65,
    specificity: 0.6,
    likeness: 0.2,
    judged: { tasks: 50, each: 4 },
    labelled: { tasks: 40, each: 4 },
  },
  {
    name: 'few labelled tasks, much alike',
    share: 0.2,
    sensitivity: 0.8,
    specificity: 0.95,
    likeness: 0.5,
    judged: { tasks: 50, each: 8 },
    labelled: { tasks: 20, each: 4 },
  },
  {
    name: 'a judge that errs too seldom to be seen erring',
    share: 0.95,
    sensitivity: 0.98,
    specificity: 0.98,
    likeness: 0,
    judged: { tasks: 1000, each: 1 },
    labelled: { tasks: 40, each: 1 },
  },
  { name: 'a coin', ...coin, judged: { tasks: 200, each: 1 }, labelled: { tasks: 60, each: 1 } },
];

function draw(truth: Truth, trial: number) {
  const { uniform } = randomStream(seedOf('coverage of corrections', truth.name, trial));
  // With the chance `likeness` all things of a task fall out alike.
  const ofTask = (share: number) => (uniform() < truth.likeness ? Number(uniform() < share) : share);
  const make = (prefix: string, { tasks, each }: Truth['judged'], share: number) =>
    Array.from({ length: tasks }, (_, index) => {
      const own = [ofTask(share), ofTask(truth.sensitivity), ofTask(truth.specificity)] as const;
      return Array.from({ length: each }, () => {
        const isTrue = uniform() < own[0];
        return { task: `${prefix}${index}`, truth: isTrue, said: isTrue ? uniform() < own[1] : uniform() >= own[2] };
      });
    }).flat();
  return {
    judged: make('judged', truth.judged, truth.share),
    // Planted: half true, whatever the share is.
    planted: make('planted', truth.labelled, 0.5),
    sampled: make('sampled', truth.labelled, truth.share),
  };
}

const saidShare = (items: readonly { readonly said: boolean }[]) =>
  items.filter(({ said }) => said).length / items.length;

const trials = 400;
const numbers = (items: ReturnType<typeof draw>['judged']) =>
  items.map(({ task, truth, said }) => ({ task, truth: Number(truth), score: Number(said) }));

interface Interval {
  readonly low: number | null;
  readonly high: number | null;
}
const width = (interval: Interval | null) => Number(interval?.high) - Number(interval?.low);
const holds = ({ low, high }: Interval, share: number) => Number(Number(low) <= share && share <= Number(high));

describe('corrected shares hold the truth in about 95 of 100 intervals', () => {
  it.each(truths)('$name', (truth) => {
    const bias = truth.share * truth.sensitivity + (1 - truth.share) * (1 - truth.specificity) - truth.share;
    const isBiased = Math.abs(bias) > 0.06;
    const counts = { planted: 0, plantedHeld: 0, sampledHeld: 0, naiveHeld: 0 };
    for (let trial = 0; trial < trials; trial++) {
      const { judged, planted, sampled } = draw(truth, trial);
      const corrected = roganGladen(judged, planted);
      // None where the judge looks worse than a coin.
      if (corrected) {
        counts.planted += 1;
        counts.plantedHeld += holds(corrected, truth.share);
      }
      counts.sampledHeld += holds(predictionPowered(numbers(judged), numbers(sampled))!, truth.share);
      if (isBiased) counts.naiveHeld += holds(clusteredEstimate(judged, saidShare, { resamples: 50 })!, truth.share);
    }
    // 400 trials at 95 % wander by 1.1 points (one standard error).
    expect(counts.plantedHeld / counts.planted, 'Rogan–Gladen').toBeGreaterThan(0.93);
    expect(counts.sampledHeld / trials, 'prediction-powered').toBeGreaterThan(0.92);
    if (isBiased) expect(counts.naiveHeld / trials, 'without correction').toBeLessThan(0.8);
    if (truth.name === 'a coin') expect(counts.planted / trials, 'corrected at all').toBeLessThan(0.8);
  });

  it('and are narrower than labels alone, where the judge is good', () => {
    const good = { ...truths[0]!, sensitivity: 0.95, specificity: 0.95, judged: { tasks: 500, each: 1 } };
    let [helped, alone] = [0, 0];
    for (let trial = 0; trial < 50; trial++) {
      const { judged, sampled } = draw(good, trial);
      helped += width(predictionPowered(numbers(judged), numbers(sampled)));
      alone += width(predictionPowered(numbers(judged), numbers(sampled), 0));
    }
    expect(helped / alone, 'width over that of labels alone').toBeLessThan(0.8);
  });
});

describe('the bootstrap over tasks', () => {
  it('covers balanced accuracy where verdicts of a task err together, and naive resampling of verdicts does not', () => {
    const truth: Truth = {
      name: 'verdicts of a task err together',
      share: 0.5,
      sensitivity: 0.8,
      specificity: 0.7,
      likeness: 0.5,
      judged: { tasks: 60, each: 6 },
      labelled: { tasks: 0, each: 0 },
    };
    let [clustered, naive] = [0, 0];
    for (let trial = 0; trial < 150; trial++) {
      const { judged } = draw(truth, trial);
      clustered += holds(clusteredEstimate(judged, balancedAccuracy, { resamples: 200 })!, 0.75);
      const alone = judged.map((one, index) => ({ ...one, task: `${index}` }));
      naive += holds(clusteredEstimate(alone, balancedAccuracy, { resamples: 200 })!, 0.75);
    }
    expect(clustered / 150, 'coverage over tasks').toBeGreaterThan(0.9);
    expect(naive / 150, 'coverage over verdicts').toBeLessThan(clustered / 150 - 0.1);
  });
});
