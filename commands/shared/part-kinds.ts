/** What `toolstone new` writes. */
export const partKinds = ['policy', 'judge', 'learner', 'server', 'verifier', 'family'] as const;
export type PartKind = (typeof partKinds)[number];
