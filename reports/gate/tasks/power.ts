import { randomStream, seedOf, type RandomStream } from '../../../core/seeds.ts';
import { formatNumber } from '../../tables/table.ts';
import { type Count, isLoss, kindOf, meanDifference } from './outcomes.ts';

/** What a gate can see, found by playing it on invented episodes. */
export interface Sight {
  readonly tasks: number;
  readonly repeats: number;
  /** Mean over tasks from which a drop is taken. */
  readonly from: number;
  /** Smallest drop of the mean, spread evenly over the tasks, that is seen with 80 % power; `null`: none is. */
  readonly drop: number | null;
  /** Share of runs in which the same policy would be called regressed. */
  readonly alarms: number;
}

const power = 0.8;
const trials = 400;
/** As fine as the number of trials allows to say. */
const step = 0.05;

/**
 * Plays the gate's own rule on tasks that pass as often as the reference's did, less a drop. How often a task passes is
 * taken from its episodes with half a success and half a failure more (Jeffreys), since a few episodes that all passed do not
 * say that it always does.
 */
export function sightOf(reference: readonly Count[], repeats: number): Sight {
  const played = reference.filter((count) => count.played > 0);
  const shares = played.map((count) => (count.passed + 0.5) / (count.played + 1));
  const from = shares.reduce((sum, one) => sum + one, 0) / Math.max(1, shares.length);
  const seen = (drop: number): number => {
    const random = randomStream(seedOf('gate-power', shares.length, repeats, Math.round(drop / step)));
    let regressed = 0;
    for (let trial = 0; trial < trials; trial++) {
      const outcomes = shares.map((share, index) => ({
        id: String(index),
        before: drawn(share, played[index]?.played ?? repeats, random),
        now: drawn((share * (from - drop)) / from, repeats, random),
      }));
      const isSeen =
        outcomes.some(({ before, now }) => kindOf(before, now) === 'regressed') || isLoss(meanDifference(outcomes));
      if (isSeen) regressed += 1;
    }
    return regressed / trials;
  };
  const drops = Array.from({ length: Math.floor(from / step) }, (_, index) => (index + 1) * step);
  return {
    tasks: reference.length,
    repeats,
    from,
    drop: smallest(drops, (drop) => seen(drop) >= power),
    alarms: seen(0),
  };
}

function drawn(share: number, played: number, random: RandomStream): Count {
  let passed = 0;
  for (let one = 0; one < played; one++) if (random.uniform() < share) passed += 1;
  return { passed, played };
}

/** The first of ascending numbers that holds, if those behind it hold too. */
function smallest(ascending: readonly number[], holds: (one: number) => boolean): number | null {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(ascending[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return ascending[low] ?? null;
}

/** The sentence that stands before a gate's play. `repeatsItself`: the policy does the same again on the same tasks. */
export function sightText({ tasks, repeats, from, drop, alarms }: Sight, repeatsItself: boolean): string {
  const size = `${plural(tasks, 'task')} × ${plural(repeats, 'repeat')}`;
  if (repeatsItself)
    return `${size} of a deterministic policy: each task that passed in the reference and now fails a check is detected.`;
  const seen =
    drop === null
      ? `cannot detect any drop that is spread evenly over the tasks with 80 % power (from ${share(from)})`
      : `can detect a drop of ${share(drop)} with 80 % power (from ${share(from)}, spread evenly over the tasks)`;
  const more = alarms > 0.05 ? ' More repeats (--repeat, also for the reference) make that rare.' : '';
  return `${size} ${seen}; an unchanged policy is reported as regressed in ${Math.round(100 * alarms)} % of runs.${more}`;
}

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** e.g. `0.20`, `−1.00`, as in tables. */
export const share = (value: number): string => formatNumber(value, 'share');
