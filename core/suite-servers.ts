import type { Suite } from './types.ts';

type ServersOfSuite = Pick<Suite, 'servers' | 'heldOutServers'> & Partial<Pick<Suite, 'distractors'>>;

/** All servers of a suite, each once: those of its tasks, those of its held-out split, and the distractors around them. */
export const allServersOf = ({ servers, heldOutServers, distractors }: ServersOfSuite): string[] => [
  ...new Set([...servers, ...heldOutServers, ...(distractors?.sets ?? []).flatMap((set) => set.servers)]),
];
