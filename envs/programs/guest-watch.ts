/** Tells whether JavaScript is still what it was. */
export interface GuestWatch {
  /** Takes hold of all that is there: of what properties lead to, and of the prototypes of `others`. */
  readonly begin: (others: readonly object[]) => void;
  /** The first thing that is no longer as it was; '' where all is. */
  readonly changed: () => string;
}

/** Evaluated within the sandbox from its own text, as `prelude` is, and on the same terms. */
export function guestWatch(): GuestWatch {
  const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
  const { is } = Object;
  const functionBase = Function.prototype;

  /** Objects in the order in which they were found; of each, where its properties begin in the lists behind it. */
  const objects: object[] = [];
  const names: string[] = [];
  const begins: number[] = [];
  const areOpen: boolean[] = [];
  const keys: (string | symbol)[] = [];
  /** What a property holds, or its getter. */
  const values: unknown[] = [];
  const areAccessors: boolean[] = [];
  const known = new Set<unknown>();

  /** Objects that are reached from this one; methods are kept as values, and what hangs on them is not looked at. */
  function keep(object: unknown, name: string): void {
    const isFunction = typeof object === 'function';
    if ((!isFunction && typeof object !== 'object') || object === null || known.has(object)) return;
    known.add(object);
    if (isFunction && getOwnPropertyDescriptor(object, 'prototype') === undefined && object !== functionBase) return;
    const own = ownKeys(object);
    const begin = keys.length;
    objects.push(object);
    names.push(name);
    begins.push(begin);
    areOpen.push(isExtensible(object));
    for (let index = 0; index < own.length; index++) {
      const key = own[index] as string;
      const descriptor = getOwnPropertyDescriptor(object, key);
      const isAccessor = descriptor !== undefined && 'get' in descriptor;
      keys.push(key);
      values.push(isAccessor ? descriptor.get : descriptor?.value);
      areAccessors.push(isAccessor);
    }
    for (let at = begin; at < begin + own.length; at++) keep(values[at], wordsOfKey(name, keys[at] as string));
    keep(getPrototypeOf(object), `${name}.__proto__`);
  }

  const wordsOfKey = (name: string, key: string | symbol): string =>
    `${name}${name === '' ? '' : '.'}${typeof key === 'symbol' ? 'a symbol' : key}`;

  function changed(): string {
    for (let place = 0; place < objects.length; place++) {
      const object = objects[place] as Record<string, unknown>;
      const begin = begins[place] as number;
      const end = begins[place + 1] ?? keys.length;
      // Variables are properties of the first, which is the global object.
      if (place > 0 && (ownKeys(object).length !== end - begin || isExtensible(object) !== areOpen[place]))
        return names[place] as string;
      for (let at = begin; at < end; at++) {
        const key = keys[at] as string;
        // Without a descriptor it is ten times as fast.
        const now = areAccessors[at] ? getOwnPropertyDescriptor(object, key)?.get : object[key];
        if (!is(now, values[at])) return wordsOfKey(names[place] as string, key);
      }
    }
    return '';
  }

  return {
    begin: (others) => {
      keep(globalThis, '');
      others.forEach((one, index) => keep(getPrototypeOf(one), `prototype ${index}`));
    },
    changed,
  };
}
