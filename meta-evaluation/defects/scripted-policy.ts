import { EpisodeLeft } from '../../core/errors.ts';
import type { Action, Policy } from '../../core/types.ts';

/** A policy for one episode that takes these actions and then leaves, if none of them has finished it. */
export function scripted(name: string, actions: readonly Action[]): Policy {
  return {
    name,
    start: () => {
      let next = 0;
      return {
        act: () => {
          const action = actions[next++];
          if (!action) throw new EpisodeLeft('the script is at its end');
          return { calls: [{ action }] };
        },
      };
    },
  };
}
