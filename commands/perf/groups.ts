import type { PerfComparison, PerfGroup } from './measure.ts';
import { tokenPerf } from './tokens.ts';
import type { PolicySession } from '../../core/types.ts';
import { startJobWorker } from '../../core/run/worker.ts';
import { viewPerf, worldPerf } from './worlds.ts';
import { episodePerf } from './episodes.ts';
import { trainingPerf } from './learning.ts';
import { policyPerf, type PoliciesOf } from './policy.ts';
import { taskPerf } from './tasks.ts';

export interface PerfParts {
  readonly policiesOf: PoliciesOf;
  readonly choicePerf: (sessions: readonly PolicySession[]) => PerfComparison;
  /** Module that serves jobs in its threads. */
  readonly entry: URL;
}

/** Trained before the first round, so that episodes are those of a policy that acts. */
const episodesBefore = 1024;
const episodesPerRound = 256;
const warmUpRounds = 6;

/** Everything that `toolstone perf` measures. */
export function perfGroups({ policiesOf, choicePerf, entry }: PerfParts): readonly PerfGroup[] {
  const startWorker = (suite: string, lanes: number) => startJobWorker(entry, { suite, lanes });
  return [
    worldPerf,
    episodePerf(policiesOf, warmUpRounds),
    viewPerf,
    tokenPerf,
    taskPerf,
    policyPerf(policiesOf, choicePerf, episodesBefore),
    trainingPerf({
      name: 'training',
      suite: 'files-and-graph',
      what: 'training on tasks of four calls, two threads',
      lanes: 1,
      episodesBefore,
      episodesPerRound,
      target: { of: 'ours', atLeast: 300 },
      startWorker,
    }),
    trainingPerf({
      name: 'mix',
      suite: 'basic',
      what: 'training on all of basic, two threads',
      lanes: 1,
      episodesBefore,
      episodesPerRound,
      startWorker,
    }),
  ];
}
