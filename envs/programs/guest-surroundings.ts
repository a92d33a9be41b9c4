import type { GuestHost } from './guest-host.ts';
import type { GuestWords } from './guest-words.ts';

/**
 * Gives the sandbox the world's clock, the episode's chance and a console, and takes away what waits for other threads. Evaluated within
 * it from its own text, as `prelude` is, and on the same terms.
 */
export function guestSurroundings(host: Pick<GuestHost, 'clock' | 'random' | 'log'>, words: GuestWords): void {
  const { stringify } = JSON;
  const { construct } = Reflect;
  const { bare, bounded, wordsOf } = words;
  const [RealDate, RealProxy, RealString] = [Date, Proxy, String];

  const WorldDate: DateConstructor = new RealProxy(
    RealDate,
    bare<ProxyHandler<DateConstructor>>({
      apply: () => RealString(new RealDate(host.clock())),
      construct: (target, list: unknown[], newTarget) =>
        construct(
          target,
          list.length === 0 ? [host.clock()] : list,
          newTarget === WorldDate ? target : newTarget,
        ) as object,
    }),
  );
  RealDate.now = () => host.clock();
  RealDate.prototype.constructor = WorldDate;
  Math.random = () => host.random();
  const lineOf = (value: unknown): string => {
    if (typeof value === 'string') return value;
    try {
      return (typeof value === 'object' ? stringify(value) : undefined) ?? RealString(value);
    } catch (error) {
      return wordsOf(error);
    }
  };
  const log = (...values: unknown[]): void => {
    let text = '';
    for (let index = 0; index < values.length; index++) text += `${index === 0 ? '' : ' '}${lineOf(values[index])}`;
    host.log(bounded(text));
  };
  const global = globalThis as unknown as Record<string, unknown>;
  global['Date'] = WorldDate;
  global['console'] = { log, info: log, debug: log, warn: log, error: log };
  delete global['Atomics'];
  delete global['SharedArrayBuffer'];
}
