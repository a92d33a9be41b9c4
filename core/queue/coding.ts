/** The key under which bytes stand in JSON, as base64. */
const bytesKey = '$bytes';

/** What crosses the queue as text: JSON in which bytes may stand. */
export const encoded = (value: unknown): string =>
  JSON.stringify(value, function replace(this: Readonly<Record<string, unknown>>, key, shown: unknown) {
    // A buffer has made an array of numbers of itself by now.
    const own = this[key];
    return own instanceof Uint8Array ? { [bytesKey]: Buffer.from(own).toString('base64') } : shown;
  });

/** The value that `encoded` made a text of. Throws `SyntaxError` where it is none. */
export const decoded = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) => {
    const bytes = (value as Readonly<Record<string, unknown>> | null)?.[bytesKey];
    return typeof bytes === 'string' ? new Uint8Array(Buffer.from(bytes, 'base64')) : value;
  });
