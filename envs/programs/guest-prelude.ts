import type { GuestCalls } from './guest-calls.ts';
import type { Guest, GuestHost } from './guest-host.ts';
import type { GuestWatch } from './guest-watch.ts';
import type { GuestWords } from './guest-words.ts';

/**
 * Evaluated within the sandbox from its own text, before any program: it may use nothing but its arguments and what JavaScript
 * has, and it takes hold of that now, since a program may change it.
 */
export function prelude(
  host: Pick<GuestHost, 'ended'>,
  textUnits: number,
  words: GuestWords,
  calls: GuestCalls,
  watch: GuestWatch,
): Guest {
  const { parse, stringify } = JSON;
  const { apply, defineProperty, ownKeys } = Reflect;
  const { bare, bounded, cut, wordsOf, stackOf } = words;
  const RealTypeError = TypeError;
  const promiseThen = Promise.prototype.then;
  const builtIn = bare<Record<string, true>>({});
  let running = 0;

  function returned(value: unknown): void {
    if (value === undefined) return host.ended('nothing', '', '');
    if (typeof value === 'string') return host.ended('value', bounded(value), '');
    let text: string | undefined;
    try {
      text = typeof value === 'bigint' ? undefined : stringify(value);
    } catch (error) {
      return host.ended('no-json', cut(wordsOf(error), 300), '');
    }
    if (text === undefined) host.ended('no-json', `it is a ${typeof value}`, '');
    else host.ended('value', bounded(text), '');
  }

  const thrown = (error: unknown): void => host.ended('thrown', cut(wordsOf(error), 4_000), stackOf(error));

  function variables(): string {
    let texts = '';
    let units = 0;
    const all = ownKeys(globalThis);
    for (let index = 0; index < all.length; index++) {
      const name = all[index];
      if (typeof name !== 'string' || builtIn[name]) continue;
      let json: string | undefined;
      try {
        json = stringify((globalThis as unknown as Record<string, unknown>)[name]);
      } catch {
        json = undefined;
      }
      units += name.length + (json?.length ?? 0);
      if (units > textUnits) json = undefined;
      texts += `${texts === '' ? '' : ','}${stringify(cut(name, 200))}:${json === undefined ? 'null' : stringify(json)}`;
    }
    return `{${texts}}`;
  }

  // What no property leads to.
  watch.begin([
    [][Symbol.iterator](),
    new Map().entries(),
    new Set().values(),
    ''[Symbol.iterator](),
    (function* () {})(),
    (async function* () {})(),
    async () => undefined,
  ]);
  for (const name of ownKeys(globalThis)) if (typeof name === 'string') builtIn[name] = true;

  return {
    open: (...servers) => {
      for (let index = 0; index < servers.length; index++) {
        const server = servers[index] as string;
        const object = calls.serverOf(server);
        builtIn[server] = true;
        defineProperty(globalThis, server, {
          get: () => object,
          set: () => {
            throw new RealTypeError(`${server} is a server: give the variable another name.`);
          },
          enumerable: false,
          configurable: false,
        });
      }
    },
    run: (program) => {
      let promise: Promise<unknown>;
      try {
        promise = program();
      } catch (error) {
        return thrown(error);
      }
      // One that ends when a later one runs has no word any more.
      const mine = ++running;
      void apply(promiseThen, promise, [
        (value: unknown) => (mine === running ? returned(value) : undefined),
        (error: unknown) => (mine === running ? thrown(error) : undefined),
      ]);
    },
    settle: calls.settle,
    lost: calls.lost,
    changed: watch.changed,
    variables,
    restore: (name, json) =>
      defineProperty(globalThis, name, {
        value: parse(json),
        writable: true,
        enumerable: true,
        configurable: true,
      }) as unknown as void,
    isTaken: (name) => builtIn[name] === true,
  };
}
