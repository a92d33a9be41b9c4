import { UsageError } from '../../core/errors.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { JsonObject } from '../../core/json.ts';
import { advantagesFor, groupsOf, type Group } from './groups.ts';
import type { Kind, Trainer } from './kinds.ts';
import { pairsOf } from './pairs.ts';
import { groupRow, tinkerImitation } from './rows.ts';
import { readSamples } from './samples.ts';
import { sftRows, type OfferedTools } from './sft-rows.ts';

export interface ExportOptions {
  /** Folder of a finished run. */
  readonly run: string;
  readonly kind: Kind;
  readonly trainer: Trainer;
  readonly reward: RewardName;
  /** For conversations of runs whose tokens were not recorded (`sft` for TRL alone). */
  readonly offered: OfferedTools;
  /** Pairs: least difference of the two rewards. Default: any. */
  readonly leastMargin?: number;
}

export interface Exported {
  /** One line of JSON each. */
  readonly rows: readonly object[];
  /** Episodes that make no row, by cause. */
  readonly left: Readonly<Record<string, number>>;
}

const takes: Readonly<Record<Kind, readonly Trainer[]>> = {
  sft: ['trl', 'tinker'],
  pairs: ['trl'],
  groups: ['trl', 'verl', 'prime-rl', 'tinker'],
};

/**
 * Stored episodes in a trainer's own form. But for `sft` for TRL all are token-exact: throws `UsageError` naming the
 * episodes whose tokens were not recorded.
 */
export function exportRun(options: ExportOptions): Exported {
  const { run, kind, trainer, reward } = options;
  if (!takes[kind].includes(trainer)) {
    throw new UsageError(`There is no export of ${kind} for ${trainer}. There is one for: ${takes[kind].join(', ')}.`);
  }
  if (kind === 'sft' && trainer === 'trl') return { rows: sftRows(options), left: {} };
  if (kind === 'sft') {
    const { samples, left } = readSamples(run, reward, 'imitate');
    return { rows: samples.map(tinkerImitation), left };
  }
  const { samples, left } = readSamples(run, reward, 'reinforce');
  const rows: JsonObject[] = [];
  let equal = 0;
  for (const group of groupsOf(samples)) {
    const made = kind === 'pairs' ? pairsOf(group, options.leastMargin ?? 0) : rewarded(trainer, group);
    rows.push(...made);
    if (made.length === 0) equal += group.samples.length;
  }
  return { rows, left: equal === 0 ? left : { ...left, 'in a group that tells nothing apart': equal } };
}

function rewarded(trainer: Trainer, { name, samples }: Group): JsonObject[] {
  const rewards = samples.map(({ reward }) => reward ?? 0);
  const advantages = advantagesFor(trainer, rewards);
  return samples.flatMap((sample, index): JsonObject[] => {
    const advantage = advantages?.[index];
    return advantage === undefined ? [] : [groupRow(trainer, sample, name, advantage)];
  });
}
