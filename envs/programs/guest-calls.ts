import type { GuestHost } from './guest-host.ts';
import type { GuestWords } from './guest-words.ts';

/** The calls of a program, and what became of them. */
export interface GuestCalls {
  /** The object that a server is in programs. */
  readonly serverOf: (server: string) => object;
  readonly settle: (id: number, isOk: boolean, text: string) => void;
  /** JSON of what failed and nobody waited for, a text each; it is forgotten with that. */
  readonly lost: () => string;
}

/** Evaluated within the sandbox from its own text, as `prelude` is, and on the same terms. */
export function guestCalls(host: Pick<GuestHost, 'call'>, words: GuestWords): GuestCalls {
  const { parse, stringify } = JSON;
  const { apply, ownKeys } = Reflect;
  const { bare, cut, wordsOf, guarded } = words;
  const [RealError, RealPromise, RealProxy, RealTypeError] = [Error, Promise, Proxy, TypeError];
  const promiseThen = Promise.prototype.then;
  const dictionary = <T>(): Record<string, T> => bare<Record<string, T>>({});

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

  return { serverOf, settle, lost };
}
