import type { Learner, LearningEpisode, LearningGroup, UpdateMetrics } from '../../../core/run-types.ts';
import { randomStream, seedOf, type RandomStream } from '../../../core/seeds.ts';
import type { Agent, ControlSession, Step } from './agent.ts';
import type { Environment } from './environment.ts';

export interface Played extends LearningEpisode {
  readonly session: ControlSession;
  readonly reward: number;
  readonly credits: readonly number[];
}

/** One episode, at most `limit` steps; `choose` may act in the agent's place. */
export function play<State>(
  agent: Agent,
  environment: Environment<State>,
  limit: number,
  stream: RandomStream,
  choose: (features: Float32Array, state: State) => Step = (features) => agent.act(features, stream),
): Played {
  let state = environment.start(stream);
  const steps: Step[] = [];
  const credits: number[] = [];
  let terminated = false;
  while (!terminated && steps.length < limit) {
    const step = choose(environment.features(state), state);
    const result = environment.step(state, step.action, stream);
    steps.push(step);
    credits.push(result.reward);
    state = result.next;
    terminated = result.terminated;
  }
  const session: ControlSession = {
    steps,
    after: environment.features(state),
    act: () => {
      throw new Error('the episode is over');
    },
  };
  return { session, credits, reward: credits.reduce((sum, one) => sum + one, 0), truncated: !terminated };
}

export interface Schedule {
  readonly name: string;
  readonly updates: number;
  readonly groups: number;
  readonly groupSize: number;
  /** Most steps of an episode. */
  readonly limit: number;
}

/** Trains as the loop of toolspaces does: groups of episodes on-policy, then an update. Returns the last metrics. */
export function trainOn<State>(
  learner: Learner,
  agent: Agent,
  environment: Environment<State>,
  { name, updates, groups, groupSize, limit }: Schedule,
  seen: (episode: Played) => Played = (episode) => episode,
): UpdateMetrics {
  let metrics: UpdateMetrics = {};
  for (let update = 0; update < updates; update++) {
    const batch = Array.from({ length: groups }, (_, group): LearningGroup => {
      const episodes = Array.from({ length: groupSize }, (_member, member) =>
        seen(play(agent, environment, limit, randomStream(seedOf(name, update, group, member)))),
      );
      return { task: `${group}`, episodes };
    });
    metrics = learner.update(batch, update / updates);
  }
  return metrics;
}
