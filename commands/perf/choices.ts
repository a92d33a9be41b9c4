import { milliseconds, type PerfComparison } from './measure.ts';
import type { PolicySession } from '../../core/types.ts';
import { makeNetwork } from '../../baselines/pointer/network.ts';
import type { PointerSession } from '../../baselines/pointer/session.ts';

/** One forward pass of the network, over the choices that whole sessions of the pointer policy met. */
export default function choicePerf(sessions: readonly PolicySession[]): PerfComparison {
  const questions = sessions.flatMap((session) => (session as PointerSession).choices.map(({ question }) => question));
  const network = makeNetwork(1);
  const everyChoice = () => {
    // As after an update: what was computed from older weights is computed anew.
    network.changed();
    for (const question of questions) network.logProbabilities(question);
  };
  return {
    what: 'policy forward, one choice',
    unit: 'ms',
    ours: {
      name: `mean of ${questions.length} choices`,
      sample: async () => (await milliseconds(everyChoice, 1)) / questions.length,
    },
  };
}
