import type { Suite } from './types.ts';

/** Every server that a suite's tasks are offered, each once: their own, those of the held-out split, and distractors. */
export const offeredServers = ({
  servers,
  heldOutServers,
  distractors,
  sizes,
}: Pick<Suite, 'servers' | 'heldOutServers' | 'distractors' | 'sizes'>): string[] => {
  const sets = [...(distractors ? [distractors] : []), ...(sizes?.all ?? [])].flatMap((one) => one.sets);
  return [...new Set([...servers, ...heldOutServers, ...sets.flatMap((set) => set.servers)])];
};
