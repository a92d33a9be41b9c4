import { resolve } from 'node:path';
import { seedOf } from '../../core/seeds.ts';
import { readNamedSettings, settingsText } from '../../core/settings.ts';
import { UsageError } from '../../core/errors.ts';
import type { Job } from '../../core/run-types.ts';
import { networkSettings, type NetworkSettings } from '../pointer/settings.ts';
import type { PolicyDefinition } from '../policy-definition.ts';

/** The argument that names no checkpoint but the policy as a training begins with it. */
const untrained = 'untrained';

/** The embedded policy: trained from its start, e.g. `pointer?priors=none`, as a checkpoint holds it, or `pointer:untrained`. */
export default {
  usage: 'pointer:CHECKPOINT',
  settings: networkSettings,
  open: async ({ argument, settings, job }) => {
    if (argument === untrained) return (await pointerOf(job, settings)).greedy;
    const suffix = settingsText(settings, networkSettings);
    if (suffix !== '') throw new UsageError(`A checkpoint brings its settings with it: leave out "${suffix}".`);
    const { readCheckpoint } = await import('../../core/record/checkpoint.ts');
    const { policy, execution: trained = 'calls', state } = readCheckpoint(resolve(argument));
    const { execution = 'calls' } = job;
    if (trained !== execution)
      throw new UsageError(
        `The policy of ${argument} was trained with --execution ${trained}, and has learnt to act in no other way. ` +
          `Run it with --execution ${trained}, or train one with --execution ${execution}.`,
      );
    const pointer = await pointerOf(job, readNamedSettings(policy, networkSettings).settings);
    pointer.load(state);
    return pointer.greedy;
  },
  begin: ({ settings, job }) => pointerOf(job, settings),
} satisfies PolicyDefinition<NetworkSettings>;

async function pointerOf({ seed, execution }: Job, settings: NetworkSettings) {
  const { default: makePointer } = await import('../pointer/pointer.ts');
  return makePointer(seedOf('pointer', seed), settings, execution);
}
