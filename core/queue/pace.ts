/** Episodes of a short while ago, for how fast a run goes. */
export interface PaceMeter {
  readonly add: (episodes: number) => void;
  /** e.g. `4.2 episodes/s`; empty before the first. */
  readonly text: () => string;
}

const windowMilliseconds = 30_000;

/** `clock` gives milliseconds. */
export function paceMeter(clock: () => number = () => performance.now()): PaceMeter {
  const seen: { readonly at: number; readonly episodes: number }[] = [];
  return {
    add: (episodes) => {
      seen.push({ at: clock(), episodes });
    },
    text: () => {
      while (seen[0] && seen[0].at < clock() - windowMilliseconds) seen.shift();
      const [first] = seen;
      if (!first) return '';
      // What came first took a while before it came.
      const episodes = seen.slice(1).reduce((sum, one) => sum + one.episodes, 0);
      const seconds = (clock() - first.at) / 1000;
      return episodes <= 0 || seconds <= 0 ? '' : `${(episodes / seconds).toPrecision(2)} episodes/s`;
    },
  };
}
