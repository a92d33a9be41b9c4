import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import { share } from './tasks/power.ts';
import { look, looks, type LookVerdict } from './looks.ts';
import type { Means } from './measures.ts';

/** What the gate can see of an arm, found by playing its own rule on trainings drawn from the reference's. */
export interface Sight {
  /** Shares of harmless changes (the same code with other seeds) that pass, and that are called regressed. */
  readonly passes: number;
  readonly alarms: number;
  /** Smallest drop of success in steps of .05 that is seen with 80 % power; `null`: none up to the mean. */
  readonly drop: number | null;
  /** Share of drops of .15 that are seen. */
  readonly seen: number;
}

const trials = 1000;

export function sightOf(reference: readonly Means[]): Sight {
  const shares = (drop: number) => {
    const random = randomStream(seedOf('house-gate-sight', Math.round(drop * 100), reference.length));
    const ends: Record<LookVerdict, number> = { pass: 0, regressed: 0, 'not-enough-data': 0 };
    for (let trial = 0; trial < trials; trial++) ends[played(reference, drop, random)] += 1 / trials;
    return ends;
  };
  const mean = reference.reduce((sum, [success]) => sum + (success ?? 0), 0) / Math.max(1, reference.length);
  const drops = Array.from({ length: Math.floor(mean / 0.05) }, (_, index) => (index + 1) * 0.05);
  const harmless = shares(0);
  return {
    passes: harmless.pass,
    alarms: harmless.regressed,
    drop: drops.find((drop) => shares(drop).regressed >= 0.8) ?? null,
    seen: shares(0.15).regressed,
  };
}

/** Both sides are drawn with replacement: the reference of another day would have had other trainings, too. */
function played(reference: readonly Means[], drop: number, random: RandomStream): LookVerdict {
  const draw = () => random.pick(reference);
  const before = reference.map(draw);
  const now: Means[] = [];
  for (const trainings of looks) {
    while (now.length < trainings) {
      const [success, ...rest] = draw();
      now.push([success == null ? null : Math.max(0, success - drop), ...rest]);
    }
    const { verdict } = look(before, now);
    if (verdict !== 'not-enough-data') return verdict;
  }
  return 'not-enough-data';
}

/** The sentence that stands before the gate's play. */
export const sightText = (arm: string, { passes, alarms, drop, seen }: Sight): string =>
  `${arm}: trainings like the reference's pass in ${Math.round(100 * passes)} % and are reported as regressed in ` +
  `${Math.round(100 * alarms)} % of cases; a drop of success by .15 is detected in ${Math.round(100 * seen)} %` +
  (drop === null ? ', and none with 80 % power.' : `, and one of ${share(drop)} with 80 % power.`);
