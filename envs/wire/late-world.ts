import type { World, WorldParameters, WorldPool } from '../../core/types.ts';

/** A live world that is opened only once somebody needs it, and stays until it is released. */
export interface LateWorld {
  /** Rejects as `WorldPool.use` does. */
  readonly open: () => Promise<World>;
  readonly release: () => Promise<void>;
}

export function lateWorld(pool: () => WorldPool, parameters: WorldParameters, seed: number): LateWorld {
  const over = Promise.withResolvers<void>();
  let opened: Promise<World> | undefined;
  let lent: Promise<void> = Promise.resolve();
  return {
    open: () =>
      (opened ??= new Promise<World>((resolve, reject) => {
        lent = pool().use(parameters, seed, (world) => {
          resolve(world);
          return over.promise;
        });
        lent.catch(reject);
      })),
    release: () => {
      over.resolve();
      return lent;
    },
  };
}
