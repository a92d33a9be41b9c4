import type { Policy } from '../../core/types.ts';
import type { PolicyDefinition } from '../policy-definition.ts';

export default { usage: 'no-op', open: noOp } satisfies PolicyDefinition;

/** Finishes at once. What it earns, doing nothing earns. */
export function noOp(): Policy {
  return {
    name: 'no-op',
    start: () => ({ act: () => ({ calls: [{ action: { name: 'finish', arguments: {} } }], logProbability: 0 }) }),
  };
}
