import type { Suite } from '../../core/types.ts';
import { confinementPerf } from './confinement.ts';
import { episodePerf } from './episodes.ts';
import { trainingPerf } from './learning.ts';
import type { PerfGroup } from './measure.ts';
import { longResultPerf } from './long-results.ts';
import { orsPerf } from './ors.ts';
import { policyPerf } from './policy.ts';
import { programPerf } from './programs.ts';
import { queuePerf } from './queue.ts';
import { hasRedisServer } from './redis-server.ts';
import { startPerf } from './starts.ts';
import { taskPerf } from './tasks.ts';
import { tokenPerf } from './tokens.ts';
import { toolspacePerf } from './toolspaces.ts';
import { viewPerf } from './views.ts';
import { wirePerf } from './wire.ts';
import { worldPerf } from './worlds.ts';

/** Trained before the first round, so that episodes are those of a policy that acts. */
const episodesBefore = 1024;
const episodesPerRound = 256;
const warmUpRounds = 6;

/** What `toolstone perf` always measures; sessions of trainers are on tasks of suite `basic`, and `model` is one that can be asked. */
export const perfGroups = (basic: Suite, model: string | undefined): readonly PerfGroup[] => [
  worldPerf,
  episodePerf(warmUpRounds),
  startPerf,
  viewPerf,
  toolspacePerf,
  programPerf,
  tokenPerf,
  longResultPerf,
  taskPerf,
  policyPerf(episodesBefore),
  trainingPerf({
    name: 'training',
    suite: 'files-and-graph',
    what: 'training on tasks of four calls, two threads',
    lanes: 1,
    episodesBefore,
    episodesPerRound,
    target: { of: 'ours', atLeast: 300 },
  }),
  trainingPerf({
    name: 'mix',
    suite: 'basic',
    what: 'training on all of basic, two threads',
    lanes: 1,
    episodesBefore,
    episodesPerRound,
  }),
  orsPerf(basic),
  confinementPerf(warmUpRounds),
  wirePerf(model),
  // Elsewhere there is nothing to measure.
  ...(hasRedisServer() ? [queuePerf(basic, 1), queuePerf(basic, 2)] : []),
];
