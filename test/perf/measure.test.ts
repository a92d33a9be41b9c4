import { expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import {
  measureGroups,
  milliseconds,
  perSecond,
  type PerfComparison,
  type PerfGroup,
} from '../../commands/perf/measure.ts';
import { perfTable } from '../../commands/perf/table.ts';

/** A group whose sides give the figures of two lists, the first of which is the round that does not count. */
function groupOf(name: string, comparison: Partial<PerfComparison>, ours: number[], other?: number[]) {
  const log: string[] = [];
  const side = (label: string, figures: number[]) => ({
    name: label,
    sample: async () => {
      log.push(label);
      return figures.shift() as number;
    },
  });
  const group: PerfGroup = {
    name,
    open: async () => {
      log.push('open');
      return {
        comparisons: [
          {
            what: 'a thing',
            unit: 'ms',
            ours: side('ours', ours),
            ...(other ? { yardstick: side('other', other) } : {}),
            ...comparison,
          },
        ],
        close: async () => void log.push('close'),
      };
    },
  };
  return { group, log };
}

const silent = () => undefined;

test('sides take turns, the first round does not count, and the ratio is of equal rounds', async () => {
  const { group, log } = groupOf('a', { target: { of: 'ratio', atMost: 1.15 } }, [99, 1, 20, 3], [99, 1, 10, 4]);
  const [row] = await measureGroups([group], { rounds: 3 }, silent);
  expect(log).toEqual(['open', 'other', 'ours', 'ours', 'other', 'other', 'ours', 'ours', 'other', 'close']);
  expect(row).toMatchObject({
    group: 'a',
    rounds: 3,
    ours: { median: 3 },
    yardstick: { median: 4 },
    ratio: { median: 1 },
    isMet: true,
  });
});

test.each([
  ['at most, reached', { of: 'ours', atMost: 10 }, true],
  ['at most, missed', { of: 'ours', atMost: 9 }, false],
  ['at least, reached', { of: 'ours', atLeast: 10 }, true],
  ['at least, missed', { of: 'ours', atLeast: 11 }, false],
  ['ratio, missed', { of: 'ratio', atLeast: 0.8 }, false],
] as const)('a target: %s', async (_, target, isMet) => {
  const { group } = groupOf('a', { target }, [10, 10], [20, 20]);
  const [row] = await measureGroups([group], { rounds: 1 }, silent);
  expect(row?.isMet).toBe(isMet);
});

test('a count is taken once, without a round before it', async () => {
  const { group, log } = groupOf('a', { isCount: true, unit: 'entities', target: { of: 'ours', atMost: 0 } }, [2]);
  const rows = await measureGroups([group], { rounds: 5 }, silent);
  expect(log.filter((one) => one === 'ours')).toHaveLength(1);
  expect(perfTable(rows, 5).rows).toEqual([
    { what: 'a thing', ours: 'ours: 2 entities', yardstick: '–', ratio: '–', target: '0 entities', met: 'no' },
  ]);
});

test('the table says what was measured, on which side, and whether the target is met', async () => {
  const { group } = groupOf(
    'a',
    { target: { of: 'ratio', atMost: 1.15 } },
    [0, 0.1234, 0.15, 0.2, 0.3, 0.4],
    [0, 0.1, 0.1, 0.1, 0.1, 0.1],
  );
  const rows = await measureGroups([group], { rounds: 5 }, silent);
  expect(perfTable(rows, 5).rows).toEqual([
    {
      what: 'a thing',
      ours: 'ours: 0.2 (0.15–0.3) ms',
      yardstick: 'other: 0.1 ms',
      ratio: '2 (1.5–3)',
      target: 'ratio ≤ 1.15',
      met: 'no',
    },
  ]);
});

test('only one group runs where one is named, and an unknown name is answered with the known ones', async () => {
  const [one, other] = [groupOf('one', {}, [1, 1]), groupOf('other', {}, [1, 1])];
  const rows = await measureGroups([one.group, other.group], { rounds: 1, only: 'other' }, silent);
  expect(rows.map(({ group }) => group)).toEqual(['other']);
  expect(one.log).toEqual([]);
  const wrong = measureGroups([one.group, other.group], { rounds: 1, only: 'speed' }, silent);
  await expect(wrong).rejects.toThrow(/no measurement "speed". Known: one, other\./);
});

test('what breaks a measurement is named, and the group is closed all the same', async () => {
  const { group, log } = groupOf(
    'a',
    { ours: { name: 'world', sample: () => Promise.reject(new Error('the disk is full')) } },
    [],
  );
  const measured = measureGroups([group], { rounds: 1 }, silent);
  await expect(measured).rejects.toThrow(UsageError);
  await expect(measured).rejects.toThrow(/"world" did not complete: the disk is full/);
  expect(log).toEqual(['open', 'close']);
});

test('runs are called as often as they say, and a failing one is no figure', async () => {
  let calls = 0;
  expect(await milliseconds(() => calls++, 7), 'milliseconds of a call').toBeGreaterThanOrEqual(0);
  expect(calls).toBe(7);
  expect(await perSecond(() => new Promise((resolve) => setTimeout(resolve, 5)), 10)).toBeLessThan(2500);
  await expect(milliseconds(() => Promise.reject(new Error('no')), 1)).rejects.toThrow('no');
});
