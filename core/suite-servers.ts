import type { Suite } from './types.ts';

type ServersOfSuite = Pick<Suite, 'servers' | 'heldOutServers'> & Partial<Pick<Suite, 'distractors' | 'sizes'>>;

/** All servers of a suite, each once: those of its tasks, those of its held-out split, and those of toolspaces around them. */
export function allServersOf({ servers, heldOutServers, distractors, sizes }: ServersOfSuite): string[] {
  const sets = [...(distractors ? [distractors] : []), ...(sizes?.all ?? [])].flatMap((one) => one.sets);
  return [...new Set([...servers, ...heldOutServers, ...sets.flatMap((set) => set.servers)])];
}
