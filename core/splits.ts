/** What tasks are for: those to learn from, to choose by, and to measure by, the last by what is new in them. */
export const splits = [
  'train',
  'validation',
  'test',
  'wording',
  'fuzzy',
  'held-out-server',
  'sealed-server',
  'held-out-family',
  'held-out-composition',
  'held-out-word',
  'held-out-frame',
  'tone',
  'typo',
  'items-50',
  'items-200',
] as const;
