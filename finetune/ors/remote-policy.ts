import type { Action, Decision, EpisodeStart, Observation, Policy } from '../../core/types.ts';

/** A policy whose decisions come from elsewhere, for one episode. */
export interface RemotePolicy {
  readonly policy: Policy;
  /** What the episode told at its start. */
  readonly started: Promise<EpisodeStart>;
  /** Takes the next decision; returns the number of its turn. */
  readonly submit: (action: Action) => number;
  /** What followed a turn; undefined where the episode ended with that turn or before it. */
  readonly observed: (turn: number) => Promise<Observation | undefined>;
  /** Makes the policy throw instead of waiting for another decision. */
  readonly stop: (why: Error) => void;
  /** To be called when the episode has ended. */
  readonly end: () => void;
}

interface RemoteTurn {
  readonly action: Action;
  readonly observation: PromiseWithResolvers<Observation | undefined>;
}

/**
 * Waits for decisions. An episode that is begun anew because its world broke gets those already made once more, which in a
 * deterministic world gives what they gave: whoever makes them does not notice.
 */
export function remotePolicy(): RemotePolicy {
  const turns: RemoteTurn[] = [];
  const started = Promise.withResolvers<EpisodeStart>();
  let stopped: Error | undefined;
  let isEnded = false;
  let arrival = Promise.withResolvers<void>();
  const wake = () => {
    arrival.resolve();
    arrival = Promise.withResolvers();
  };
  const decision = async (turn: number, signal: AbortSignal): Promise<Decision> => {
    for (;;) {
      signal.throwIfAborted();
      const next = turns[turn];
      if (next) return { calls: [{ action: next.action }] };
      if (stopped) throw stopped;
      await arrival.promise;
    }
  };
  const start: Policy['start'] = (episode) => {
    let turn = 0;
    episode.signal.addEventListener('abort', wake, { once: true });
    started.resolve(episode);
    return {
      act: ([observation], user) => {
        // Clients know no other turn of the user's than the first.
        const shown = user === undefined ? observation : observation && withUser(observation, user);
        if (shown) turns[turn - 1]?.observation.resolve(shown);
        return decision(turn++, episode.signal);
      },
    };
  };
  return {
    policy: { name: 'remote', start },
    started: started.promise,
    submit: (action) => {
      const observation = Promise.withResolvers<Observation | undefined>();
      if (isEnded) observation.resolve(undefined);
      wake();
      return turns.push({ action, observation }) - 1;
    },
    observed: async (turn) => turns[turn]?.observation.promise,
    stop: (why) => {
      stopped ??= why;
      wake();
    },
    end: () => {
      isEnded = true;
      for (const { observation } of turns) observation.resolve(undefined);
    },
  };
}

const withUser = (observation: Observation, user: string): Observation => ({
  ...observation,
  text: `${observation.text}\n\nThe user then said:\n${user}`,
});
