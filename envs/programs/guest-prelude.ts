import type { GuestWatch } from './guest-watch.ts';
import type { GuestWords } from './guest-words.ts';

/** What the sandbox may ask of the thread around it. All texts are bounded. */
export interface GuestHost {
  readonly call: (id: number, server: string, tool: string, args: string) => void;
  readonly log: (line: string) => void;
  /** `value`: the text of what the program returned; the others are why there is none. `stack` is that of what was thrown. */
  readonly ended: (kind: 'value' | 'nothing' | 'no-json' | 'thrown', text: string, stack: string) => void;
  /** Milliseconds since 1970, later at each reading. */
  readonly clock: () => number;
  readonly random: () => number;
}

/** What the thread may ask of the sandbox. */
export interface Guest {
  /** Makes these the servers of the episode; their objects call the host. */
  readonly open: (...servers: readonly string[]) => void;
  /** Starts a program, which tells the host once that it has ended. */
  readonly run: (program: () => Promise<unknown>) => void;
  readonly settle: (id: number, isOk: boolean, text: string) => void;
  /** JSON of what failed and nobody waited for, a text each. */
  readonly lost: () => string;
  /** Names of what the language has that is no longer as it was; '' where all is. */
  readonly changed: () => string;
  /** JSON of the variables: name → their JSON, or null. To be asked only while nothing has changed. */
  readonly variables: () => string;
  readonly restore: (name: string, json: string) => void;
  readonly isTaken: (name: string) => boolean;
}

/**
 * Evaluated within the sandbox from its own text, before any program: it may use nothing but its arguments and what JavaScript
 * has, and it takes hold of that now, since a program may change it.
 */
export function prelude(host: GuestHost, textUnits: number, words: GuestWords, watch: GuestWatch): Guest {
  const { parse, stringify } = JSON;
  const { apply, construct, defineProperty, ownKeys, setPrototypeOf } = Reflect;
  const { wordsOf, stackOf, guarded } = words;
  const [RealDate, RealError, RealPromise, RealProxy, RealTypeError] = [Date, Error, Promise, Proxy, TypeError];
  const [slice, promiseThen] = [String.prototype.slice, Promise.prototype.then];
  /** The object without a prototype, which a program could put something into. */
  const bare = <T extends object>(object: T): T => {
    setPrototypeOf(object, null);
    return object;
  };
  const dictionary = <T>(): Record<string, T> => bare<Record<string, T>>({});
  const cut = (text: string, most: number): string => apply(slice, text, [0, most]) as string;
  const bounded = (text: string): string =>
    text.length <= textUnits
      ? text
      : `${cut(text, textUnits)}… [${text.length} characters, of which these are the first ${textUnits}]`;

  /* ---- calls ---- */

  /** The promise of a result, which knows whether anybody waits for it. */
  class ToolCall<T> extends RealPromise<T> {
    #isAwaited = false;
    static override get [Symbol.species]() {
      return RealPromise;
    }
    static isAwaited = (call: ToolCall<unknown>): boolean => call.#isAwaited;
    override then<A = T, B = never>(
      onResult?: ((value: T) => A | PromiseLike<A>) | null,
      onFailure?: ((reason: unknown) => B | PromiseLike<B>) | null,
    ): Promise<A | B> {
      this.#isAwaited = true;
      return apply(promiseThen, this, [onResult, onFailure]) as Promise<A | B>;
    }
  }

  interface Pending {
    readonly what: string;
    readonly resolve: (value: unknown) => void;
    readonly reject: (error: unknown) => void;
    readonly promise: ToolCall<unknown>;
    failure?: string;
  }
  let pending = dictionary<Pending>();
  let calls = 0;

  const callOf =
    (server: string, tool: string) =>
    (...given: unknown[]): Promise<unknown> => {
      const what = `${server}.${tool}`;
      let text: string | undefined;
      try {
        text = given.length === 0 ? '{}' : stringify(given[0]);
      } catch (error) {
        throw new RealTypeError(`The arguments of ${what} are no JSON: ${wordsOf(error)}`);
      }
      if (text === undefined || given.length > 1)
        throw new RealTypeError(`${what} takes one object of arguments by its schema, as in ${what}({ name: value }).`);
      const one = {} as { -readonly [Key in keyof Pending]: Pending[Key] };
      one.what = what;
      one.promise = new ToolCall((resolve, reject) => {
        one.resolve = resolve;
        one.reject = reject;
      });
      const id = calls++;
      pending[id] = bare(one);
      host.call(id, server, tool, text);
      return one.promise;
    };

  function settle(id: number, isOk: boolean, text: string): void {
    const one = pending[id];
    if (!one) return;
    if (isOk) {
      delete pending[id];
      one.resolve(guarded(parse(text), one.what));
      return;
    }
    one.failure = text;
    one.reject(new RealError(text));
  }

  function lost(): string {
    let texts = '';
    const ids = ownKeys(pending);
    for (let index = 0; index < ids.length; index++) {
      const one = pending[ids[index] as string];
      if (one?.failure === undefined || ToolCall.isAwaited(one.promise)) continue;
      texts += `${texts === '' ? '' : ','}${stringify(`${one.what}: ${cut(one.failure, 300)}`)}`;
    }
    pending = dictionary();
    return `[${texts}]`;
  }

  function serverOf(server: string): object {
    const tools = dictionary<unknown>();
    return new RealProxy(
      dictionary<unknown>(),
      bare({
        get: (_: object, tool: string | symbol): unknown =>
          typeof tool === 'symbol' || tool === 'then' || tool === 'toJSON'
            ? undefined
            : (tools[tool] ??= callOf(server, cut(tool, 200))),
        has: () => true,
        ownKeys: () => [],
        set: () => {
          throw new RealTypeError(`${server} is a server, and nothing can be kept in it: use a variable.`);
        },
        defineProperty: () => false,
        setPrototypeOf: () => false,
        preventExtensions: () => false,
      }),
    );
  }

  /* ---- a program ---- */

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

  const builtIn = dictionary<true>();

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

  /* ---- clock, chance, words to the policy ---- */

  const WorldDate: DateConstructor = new RealProxy(
    RealDate,
    bare<ProxyHandler<DateConstructor>>({
      apply: () => `${new RealDate(host.clock()).toString()}`,
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
      return (typeof value === 'object' ? stringify(value) : undefined) ?? `${value as string}`;
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
        const object = serverOf(server);
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
      calls = 0;
      let promise: Promise<unknown>;
      try {
        promise = program();
      } catch (error) {
        return thrown(error);
      }
      // One that ends when a later one runs has no word any more.
      const mine = ++running;
      apply(promiseThen, promise, [
        (value: unknown) => (mine === running ? returned(value) : undefined),
        (error: unknown) => (mine === running ? thrown(error) : undefined),
      ]);
    },
    settle,
    lost,
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
