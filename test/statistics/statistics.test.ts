import { describe, expect, it } from 'vitest';
import estimateMean from '../../core/statistics/estimate.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import wilsonInterval from '../../core/statistics/wilson.ts';

const values = (list: readonly number[], seed = 1) =>
  list.map((value, index) => ({ task: `task ${index}`, seed, value }));

/** Every other training gains a fifth of the tasks, the others nothing: tasks tell little of the next training. */
const sides = (seeds: number) =>
  Array.from({ length: seeds }, (_, seed) =>
    values(
      Array.from({ length: 40 }, (_, task) => Number(seed % 2 && task % 5 === 0)),
      seed,
    ),
  ).flat();

describe('estimateMean', () => {
  it('gives nothing for nothing', () => expect(estimateMean([])).toBeNull());

  it('says Wilson where all tasks failed or all passed, with n = tasks, not episodes', () => {
    const twoSeeds = [...values(Array<number>(10).fill(1), 1), ...values(Array<number>(10).fill(1), 2)];
    const { low, high } = wilsonInterval(10, 10);
    expect(estimateMean(twoSeeds)).toEqual({
      value: 1,
      low,
      high,
      tasks: 10,
      seeds: 2,
      episodes: 20,
      method: 'Wilson',
    });
    expect(estimateMean(values([0, 0, 0]))?.high).toBeCloseTo(wilsonInterval(0, 3).high, 12);
  });

  it('keeps Wilson for shares: token counts of 0 have no spread', () => {
    expect(estimateMean(values([0, 0, 0]), { isShare: false })).toMatchObject({ low: 0, high: 0, method: 'no spread' });
    expect(estimateMean(values([7, 7]), { isShare: false })).toMatchObject({ low: 7, high: 7, method: 'no spread' });
  });

  it('admits that one task gives no interval', () => {
    expect(estimateMean(values([0.4]))).toMatchObject({ value: 0.4, low: null, high: null, method: 'too few tasks' });
  });

  it('tells one seed from several', () => {
    expect(estimateMean(values([0, 1, 1, 0]))?.method).toBe('bootstrap over tasks');
    expect(estimateMean([...values([0, 1, 1]), ...values([1, 1, 0], 2)])?.method).toBe(
      'bootstrap over tasks and seeds',
    );
  });

  it('resamples what is worded alike together, and counts it once where all fail', () => {
    const alike = values([0, 0, 1, 1, 1, 1, 0, 0]).map((one, index) => ({ ...one, phrasing: `${index >> 1}` }));
    const apart = alike.map(({ task, seed, value }) => ({ task, seed, value }));
    const [wide, narrow] = [estimateMean(alike)!, estimateMean(apart)!];
    expect([wide.value, wide.method, wide.tasks]).toEqual([0.5, 'bootstrap over phrasings', 8]);
    expect(wide.high! - wide.low!).toBeGreaterThan(narrow.high! - narrow.low!);
    expect(estimateMean(alike.map((one) => ({ ...one, value: 0 })))?.high).toBe(wilsonInterval(0, 4).high);
  });

  it('widens with the level', () => {
    const list = values(Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? 0 : 1)));
    const [narrow, wide] = [estimateMean(list, { level: 0.8 })!, estimateMean(list, { level: 0.99 })!];
    expect(wide.high! - wide.low!).toBeGreaterThan(narrow.high! - narrow.low!);
  });
});

describe('pairedDifference', () => {
  it('pairs by task alone where no seed is shared', () => {
    const result = pairedDifference(values([0, 1, 0], 1), values([1, 1, 0], 2));
    expect(result).toMatchObject({ pairs: 3, unpaired: 0, pairedBy: 'task' });
    expect(result.difference?.value).toBeCloseTo(1 / 3, 12);
  });

  it('counts what has no partner and leaves it out', () => {
    const result = pairedDifference(values([0, 0, 0, 0]), values([1, 1]));
    expect(result).toMatchObject({ pairs: 2, unpaired: 2, pairedBy: 'task and seed' });
    expect(result.difference?.value).toBe(1);
  });

  it('speaks of these trainings below ten seeds, of further ones from ten on, and shows each seed', () => {
    const [few, many] = [9, 10].map((seeds) => {
      const after = sides(seeds);
      return pairedDifference(
        after.map((one) => ({ ...one, value: 0 })),
        after,
      );
    });
    expect(few?.bySeed).toEqual([0, 0.2, 0, 0.2, 0, 0.2, 0, 0.2, 0]);
    expect(few?.difference?.method).toBe('t over tasks, of these trainings');
    expect(many?.difference?.method).toBe('t over tasks and seeds');
    expect(many!.difference!.high! - many!.difference!.low!).toBeGreaterThan(
      1.5 * (few!.difference!.high! - few!.difference!.low!),
    );
  });

  it('has no interval with three tasks', () => {
    expect(pairedDifference(values([0, 0, 0]), values([1, 1, 1])).difference).toMatchObject({
      value: 1,
      low: null,
      method: 'too few tasks',
    });
  });

  it('is narrower than the sides on their own where tasks differ', () => {
    const hard = Array.from({ length: 60 }, (_, index) => Number(index % 2 === 0));
    const better = hard.map((value, index) => (index % 10 === 1 ? 1 : value));
    const { difference } = pairedDifference(values(hard), values(better));
    const alone = estimateMean(values(hard))!;
    expect(difference!.high! - difference!.low!).toBeLessThan(alone.high! - alone.low!);
  });
});

describe('wilsonInterval', () => {
  it.each([
    [0, 0],
    [-1, 3],
    [4, 3],
  ])('refuses %i of %i', (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(RangeError);
  });
});
