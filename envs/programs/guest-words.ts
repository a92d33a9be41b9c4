/** What a program is told of values. */
export interface GuestWords {
  /** The object without a prototype, which a program could put something into. */
  readonly bare: <T extends object>(object: T) => T;
  /** The beginning of a text. */
  readonly cut: (text: string, most: number) => string;
  /** A text no longer than one may be that leaves the sandbox, with a mark where it was. */
  readonly bounded: (text: string) => string;
  /** The words of whatever was thrown. */
  readonly wordsOf: (error: unknown) => string;
  readonly stackOf: (error: unknown) => string;
  /** The same value; reading what it has not throws, and tells what it has. `what` made it. */
  readonly guarded: (value: unknown, what: string) => unknown;
}

/** Evaluated within the sandbox from its own text, as `prelude` is, and on the same terms. */
export function guestWords(textUnits: number): GuestWords {
  const { get, has, ownKeys, setPrototypeOf, apply } = Reflect;
  const { isArray } = Array;
  const [RealProxy, RealString, RealTypeError, slice] = [Proxy, String, TypeError, String.prototype.slice];
  const [objectBase, arrayBase] = [Object.prototype, Array.prototype];
  const bare = <T extends object>(object: T): T => {
    setPrototypeOf(object, null);
    return object;
  };
  const cut = (text: string, most: number): string => apply(slice, text, [0, most]);
  const bounded = (text: string): string =>
    text.length <= textUnits
      ? text
      : `${cut(text, textUnits)}… [${text.length} characters, of which these are the first ${textUnits}]`;

  /** What a value looks like, two levels deep. */
  function shapeOf(value: unknown, depth: number): string {
    if (value === null) return 'null';
    if (typeof value === 'string') return 'text';
    if (typeof value !== 'object') return typeof value;
    if (isArray(value))
      return value.length === 0 ? 'an empty list' : `a list of ${value.length}: ${shapeOf(value[0], depth - 1)}`;
    const keys = ownKeys(value);
    if (depth <= 0) return `{${keys.length === 0 ? '' : '…'}}`;
    let text = '';
    for (let index = 0; index < keys.length && index < 12; index++) {
      const key = keys[index];
      if (typeof key === 'string')
        text += `${index === 0 ? '' : ', '}${cut(key, 60)}: ${shapeOf((value as Record<string, unknown>)[key], depth - 1)}`;
    }
    return `{${text}${keys.length > 12 ? ', …' : ''}}`;
  }

  /** The words of whatever was thrown. */
  function wordsOf(error: unknown): string {
    try {
      if (typeof error !== 'object' || error === null)
        return typeof error === 'symbol' ? 'a symbol' : RealString(error);
      const { name, message } = error as Error;
      return typeof message === 'string'
        ? `${typeof name === 'string' ? name : 'Error'}: ${message}`
        : shapeOf(error, 2);
    } catch {
      return 'something that has no words';
    }
  }

  function stackOf(error: unknown): string {
    try {
      const { stack } = error as Error;
      return typeof stack === 'string' ? cut(stack, 2_000) : '';
    } catch {
      return '';
    }
  }

  /* ---- results: what is not there is told with what is ---- */

  const isIndex = (key: string): boolean => `${(key as unknown as number) >>> 0}` === key;

  function guardOf(base: object, what: string): object {
    return new RealProxy(
      base,
      bare({
        get: (target: object, key: string | symbol, receiver: unknown): unknown => {
          if (typeof key === 'symbol' || has(target, key) || key === 'toJSON' || key === 'then' || isIndex(key))
            return get(target, key, receiver);
          throw new RealTypeError(
            `The result of ${what} has no "${cut(key, 80)}". It is ${shapeOf(receiver, 3)}. Whether there is one, "${cut(key, 80)}" in result says.`,
          );
        },
      }),
    );
  }

  function guarded(value: unknown, what: string): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const [ofObjects, ofArrays] = [guardOf(objectBase, what), guardOf(arrayBase, what)];
    const owed = bare<Record<number, object>>({ 0: value });
    for (let count = 1; count > 0;) {
      const object = owed[--count] as Record<string, unknown>;
      const keys = ownKeys(object);
      for (let index = 0; index < keys.length; index++) {
        const inner = object[keys[index] as string];
        if (typeof inner === 'object' && inner !== null) owed[count++] = inner;
      }
      setPrototypeOf(object, isArray(object) ? ofArrays : ofObjects);
    }
    return value;
  }

  return { bare, cut, bounded, wordsOf, stackOf, guarded };
}
