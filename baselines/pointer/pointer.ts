import type { Execution } from '../../core/execution.ts';
import { decodeState } from '../learning/training-state.ts';
import type { Trainable } from '../learning/trainable.ts';
import type { Policy } from '../../core/types.ts';
import { startImitation } from './imitation.ts';
import { makeNetwork } from './network.ts';
import { startSession, type Sampling } from './session.ts';
import type { NetworkSettings } from './settings.ts';
import { makeReader } from './situation.ts';
import { makeTrainable } from './trainable.ts';
import { byStems, byVectors } from './word-reading.ts';

/** One set of weights and its readings. */
export interface Pointer {
  /** Takes the likeliest candidate of every choice; reads the live weights. */
  readonly greedy: Policy;
  /** What learners improve; its policy samples. */
  readonly trainable: Trainable;
  /** Takes the weights of a learner's saved state. Throws `UsageError` on a state of another network. */
  readonly load: (state: Uint8Array) => void;
}

/**
 * The embedded policy: a small network that makes every choice itself: what to load, which tool to call, each argument
 * (pointed at in the prompt, in results or in the schema), when to stop. It reads only what the view has shown, knows
 * no task family and no server, and states the exact log-probability of what it did. Where it may write programs, it also chooses which
 * calls go into one.
 */
export default function makePointer(seed: number, settings?: NetworkSettings, execution?: Execution): Pointer {
  const network = makeNetwork(seed, settings, execution);
  const reader = makeReader(settings?.words === 'vectors' ? byVectors() : byStems, settings?.arguments);
  const policy = (sampling: Sampling): Policy => ({
    name: 'pointer',
    start: (episode) => startSession(network, reader, sampling, episode),
  });
  const imitate = (teacher: Policy): Policy => ({
    name: teacher.name,
    start: (episode) => startImitation(network, reader, teacher, episode),
  });
  return {
    greedy: policy('greedy'),
    trainable: makeTrainable(network, policy('sample'), imitate),
    load: (state) => {
      decodeState(state, network.parameters);
      network.changed();
    },
  };
}
