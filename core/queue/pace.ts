/** How fast a run goes: episodes of the last half minute, for each second of it or of the meter's life. */
export interface PaceMeter {
  readonly add: (episodes: number) => void;
  /** e.g. `4.2 episodes/s`; empty before the first. */
  readonly text: () => string;
}

const windowMilliseconds = 30_000;

/** `clock` gives milliseconds. */
export function paceMeter(clock: () => number = () => performance.now()): PaceMeter {
  const began = clock();
  const seen: { readonly at: number; readonly episodes: number }[] = [];
  let sum = 0;
  return {
    add: (episodes) => {
      seen.push({ at: clock(), episodes });
      sum += episodes;
    },
    text: () => {
      const now = clock();
      while (seen[0] && seen[0].at < now - windowMilliseconds) sum -= seen.shift()?.episodes ?? 0;
      const seconds = Math.min(windowMilliseconds, now - began) / 1000;
      return sum <= 0 || seconds <= 0 ? '' : `${(sum / seconds).toPrecision(2)} episodes/s`;
    },
  };
}
