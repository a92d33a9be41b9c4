import type { Policy } from '../../core/types.ts';

/** Finishes at once. What it earns, doing nothing earns. */
export default function noOp(): Policy {
  return {
    name: 'no-op',
    start: () => ({ act: () => ({ action: { name: 'finish', arguments: {} }, logProbability: 0 }) }),
  };
}
