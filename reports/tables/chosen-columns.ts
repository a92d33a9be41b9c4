import type { Table } from './table.ts';

interface Choice {
  /** Those that a screen of 390 pixels has room for. */
  readonly few: readonly string[];
  /** Those that are shown beside them where there is more room. */
  readonly more: readonly string[];
}

const ofDifferences: Choice = {
  few: ['first', 'second', 'verifier_success'],
  more: ['split', 'proper_finish', 'seeds_above', 'pairs', 'paired_by', 'reading'],
};

/** Of the tables with more columns than a screen has room for: what is read first. */
const choices: Readonly<Record<string, Choice>> = {
  comparison: {
    few: ['policy', 'split', 'verifier_success'],
    more: ['tasks', 'void_episodes', 'proper_finish', 'prompt_per_success', 'output_per_success'],
  },
  'policy-differences': ofDifferences,
  differences: ofDifferences,
  'algorithm-differences': ofDifferences,
  'view-differences': ofDifferences,
  rewards: {
    few: ['reward', 'split', 'verifier_success'],
    more: ['tasks', 'seeds', 'void_episodes', 'iqm', 'proper_finish', 'reward_trained_on', 'proxy_truth_gap'],
  },
  learning: {
    few: ['arm', 'episodes_to_50', 'verified_last'],
    more: ['seeds', 'episodes', 'episodes_to_80', 'zero_variance_last', 'gap_last'],
  },
  judges: {
    few: ['judge', 'attack_rate'],
    more: ['use', 'balanced_accuracy', 'attacked', 'fooled'],
  },
  views: {
    few: ['arm', 'split', 'verifier_success'],
    more: [
      'tasks',
      'seeds',
      'void_episodes',
      'peak_tokens',
      'total_tokens',
      'schemas_tokens',
      'turns',
      'load_precision',
      'load_recall',
      'wrong_calls',
    ],
  },
  growth: {
    few: ['arm', 'size', 'verifier_success'],
    more: [
      'tools',
      'tasks',
      'seeds',
      'void_episodes',
      'peak_tokens',
      'total_tokens',
      'turns',
      'wrong_calls',
      'unused_schemas',
    ],
  },
  'view-comparison': {
    few: ['policy', 'view', 'execution', 'verifier_success'],
    more: ['split', 'tasks', 'peak_tokens', 'total_tokens', 'turns', 'money', 'success_difference'],
  },
  algorithms: {
    few: ['algorithm', 'split', 'verifier_success'],
    more: ['training_episodes', 'tasks', 'seeds', 'void_episodes', 'iqm', 'proper_finish', 'turns', 'peak_tokens'],
  },
  families: {
    few: ['arm', 'family', 'verifier_success'],
    more: ['split', 'tasks', 'seeds', 'proper_finish'],
  },
  tools: {
    few: ['arm', 'tool', 'verifier_success'],
    more: ['split', 'server', 'calls', 'errors', 'refused', 'needing_tasks', 'missed'],
  },
  'tool-differences': {
    few: ['tool', 'arm', 'success_difference'],
    more: ['server', 'split', 'changed', 'calls_before', 'calls_now'],
  },
  calibration: {
    few: ['judge', 'items', 'balanced_accuracy'],
    more: ['tasks', 'sensitivity', 'specificity', 'kappa', 'area_under_curve', 'calibration_error', 'self_consistency'],
  },
  'calibration-parts': {
    few: ['judge', 'part', 'balanced_accuracy'],
    more: ['items', 'tasks', 'sensitivity', 'specificity', 'kappa', 'area_under_curve'],
  },
  'calibration-corrected': {
    few: ['judge', 'criterion', 'said'],
    more: ['judged', 'labelled', 'rogan_gladen', 'prediction_powered'],
  },
};

export type Room = 'few' | 'more' | 'rest';

/**
 * The room that each column of a table needs, those of little room first and else in the table's order; `null` for a table
 * whose columns were not chosen among.
 */
export function chosenColumns({ name, columns }: Pick<Table, 'name' | 'columns'>): ReadonlyMap<string, Room> | null {
  const choice = choices[name];
  const keys = columns.map(({ key }) => key);
  // Tables of `toolstone context` have some of the names and other columns.
  if (!choice?.few.every((key) => keys.includes(key))) return null;
  const others = keys.filter((key) => !choice.few.includes(key));
  return new Map<string, Room>([
    ...choice.few.map((key) => [key, 'few'] as const),
    ...others.map((key) => [key, choice.more.includes(key) ? 'more' : 'rest'] as const),
  ]);
}
