import type { JobTools } from '../../core/run/episode.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import type { Policy, Task } from '../../core/types.ts';
import openEager from '../../envs/views/eager.ts';
import { score } from '../../judges/reward/rewards.ts';
import { tinyWorld } from '../models/tiny-world.ts';

/** Ends every episode at once. */
export const finishing: Policy = {
  name: 'p',
  start: () => ({ act: () => ({ calls: [{ action: { name: 'finish', arguments: {} } }] }) }),
};

/** What a job needs, over a scripted world of one server and these tasks, one episode at a time; nothing is written. */
export const tinyTools = (tasks: readonly Task[]): JobTools => ({
  suite: {
    name: 'tiny',
    summary: '',
    splits: ['train', 'validation'],
    families: ['made'],
    servers: ['filesystem'],
    heldOutServers: [],
    toolNamesUpFront: false,
    tasks: (_, count) => tasks.slice(0, count),
  },
  pool: {
    use: async (_parameters, _seed, work) => work(tinyWorld),
    factsOf: () => ({}),
    toolspaceOf: () => tinyWorld.toolspace,
    dispose: async () => undefined,
  },
  lanes: 1,
  openView: openEager,
  limits: defaultLimits,
  score,
  judge: null,
  evaluated: finishing,
  learner: null,
  resume: null,
  isDone: () => false,
  emit: () => undefined,
  clock: () => 0,
  signal: new AbortController().signal,
});
