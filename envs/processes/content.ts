import { isDeepStrictEqual } from 'node:util';
import type { Media } from '../../core/media.ts';

/* What a policy reads of a tool result's parts that are no text. */

export type Part = Readonly<Record<string, unknown>>;

/** A part in words, and its bytes where a model could take them as they are. */
export interface ShownPart {
  readonly text: string;
  readonly media?: Media;
}

/** Images and sound are told by kind and size, links by where they lead, embedded texts in full, and anything else as JSON. */
export function shownPart(part: Part): ShownPart {
  const { type, data, mimeType, resource } = part;
  if ((type === 'image' || type === 'audio') && typeof data === 'string')
    return shownBytes(type, data, mimeType, (size) => `[${type}: ${size}]`);
  if (type === 'resource' && isPart(resource)) return embedded(resource);
  if (type === 'resource_link' && typeof part['uri'] === 'string') return { text: linkText(part) };
  return { text: JSON.stringify(part) };
}

export const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shownBytes(kind: Media['kind'], data: string, type: unknown, say: (size: string) => string): ShownPart {
  const mimeType = typeof type === 'string' ? type : `${kind}/*`;
  return { text: say(`${mimeType}, ${bytesIn(data)} bytes`), media: { kind, mimeType, data } };
}

const bytesIn = (base64: string): number => Buffer.byteLength(base64, 'base64');

function embedded(resource: Part): ShownPart {
  const { uri, mimeType, text, blob } = resource;
  const name = typeof uri === 'string' ? `resource ${uri}` : 'resource';
  const type = typeof mimeType === 'string' ? mimeType : undefined;
  if (typeof text === 'string') return { text: `[${name}${type === undefined ? '' : `: ${type}`}]\n${text}` };
  if (typeof blob !== 'string') return { text: JSON.stringify({ type: 'resource', resource }) };
  const kind = /^(image|audio)\//.exec(type ?? '')?.[1] as Media['kind'] | undefined;
  const say = (size: string) => `[${name}: ${size}]`;
  if (kind) return shownBytes(kind, blob, type, say);
  return { text: say([type, `${bytesIn(blob)} bytes`].filter((word) => word !== undefined).join(', ')) };
}

function linkText({ uri, name, title, description, mimeType, size }: Part): string {
  const words = [title ?? name, description].filter((word) => typeof word === 'string' && word !== '');
  const kind = [
    ...(typeof mimeType === 'string' ? [mimeType] : []),
    ...(typeof size === 'number' ? [`${size} bytes`] : []),
  ];
  const about = [...words, ...(kind.length === 0 ? [] : [`(${kind.join(', ')})`])].join(' ');
  return `[link to resource ${uri as string}${about === '' ? '' : `: ${about}`}]`;
}

/**
 * Whether the texts say structured content in full already: one of them, or all in a row, are its JSON; or it merely wraps
 * the texts themselves, as servers do whose tools return a bare text or list.
 */
export function isSaid(structured: unknown, texts: readonly string[]): boolean {
  const values = texts.map(asJson);
  const keys = isPart(structured) ? Object.values(structured) : [];
  const candidates = [structured, ...(keys.length === 1 ? keys : [])];
  return candidates.some((value) =>
    [...values, values, texts.join('\n').trim(), asJson(texts.join('\n'))].some((said) =>
      isDeepStrictEqual(said, value),
    ),
  );
}

/** A text's JSON value; the text itself where it is none. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
