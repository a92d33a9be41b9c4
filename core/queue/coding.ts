/** The key under which bytes stand in JSON, as base64. */
const bytesKey = '$bytes';

/**
 * A value in words of JSON, in which bytes may stand. It is no text yet: Redis gets that of the whole job, and what is a text in a text
 * grows with each.
 */
export function packed(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [bytesKey]: Buffer.from(value).toString('base64') };
  return mapped(value, packed);
}

/** The value that `packed` was given. */
export function unpacked(value: unknown): unknown {
  const bytes = (value as Readonly<Record<string, unknown>> | null)?.[bytesKey];
  if (typeof bytes === 'string') return new Uint8Array(Buffer.from(bytes, 'base64'));
  return mapped(value, unpacked);
}

function mapped(value: unknown, map: (part: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, map(part)]));
}
