import type { Suite } from './types.ts';

/** Every server that a suite's tasks are offered, each once: their own, those of the held-out split, and distractors. */
export const offeredServers = ({
  servers,
  heldOutServers,
  distractors,
}: Pick<Suite, 'servers' | 'heldOutServers' | 'distractors'>): string[] => [
  ...new Set([...servers, ...heldOutServers, ...(distractors?.sets ?? []).flatMap((set) => set.servers)]),
];
