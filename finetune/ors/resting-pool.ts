import type { WorldPool } from '../../core/types.ts';

/** A pool of worlds that is put away when nobody needs it and opened again by the next who does. */
export interface RestingPool extends WorldPool {
  /** Puts the worlds away when so much time has passed; `undefined`: not after all. */
  readonly restAfter: (milliseconds: number | undefined) => void;
}

export function restingPool(open: () => WorldPool): RestingPool {
  let pool: WorldPool | undefined;
  let leaving: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const current = () => (pool ??= open());
  const rest = (): Promise<void> => {
    const old = pool;
    pool = undefined;
    if (old) leaving = Promise.all([leaving, old.dispose()]).then(() => undefined);
    return leaving;
  };
  return {
    use: (...options) => current().use(...options),
    factsOf: (parameters) => current().factsOf(parameters),
    toolspaceOf: (servers) => current().toolspaceOf(servers),
    restAfter: (milliseconds) => {
      clearTimeout(timer);
      if (milliseconds !== undefined) timer = setTimeout(() => void rest(), milliseconds).unref();
    },
    dispose: () => {
      clearTimeout(timer);
      return rest();
    },
  };
}
