import type { TextView } from './text-views.ts';

/** How a secret may be written where nothing is escaped. */
export interface SecretForms {
  readonly plain: string;
  /** In lower case. */
  readonly hexadecimal: string;
  readonly base64: readonly Base64Form[];
}

/** The characters that a secret alone decides in the Base64 of a longer text. */
interface Base64Form {
  readonly characters: string;
  /** Whether the character before or behind them holds bits of the secret, too. */
  readonly isSharedBefore: boolean;
  readonly isSharedBehind: boolean;
}

/** A stretch of a text, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function secretForms(secret: string): SecretForms {
  const bytes = Buffer.from(secret);
  return {
    plain: secret.replaceAll(/[\r\n]/g, ''),
    hexadecimal: bytes.toString('hex'),
    base64: [0, 1, 2].map((before) => insideBase64(bytes, before)),
  };
}

/** As credentials `user:secret` have it, say: behind so many bytes of a group of three. */
function insideBase64(secret: Buffer, before: number): Base64Form {
  const bits = 8 * (before + secret.length);
  const encoded = Buffer.concat([Buffer.alloc(before), secret]).toString('base64');
  return {
    characters: encoded.slice(Math.ceil((8 * before) / 6), Math.floor(bits / 6)),
    isSharedBefore: before > 0,
    isSharedBehind: bits % 6 > 0,
  };
}

/** A reading with its forms that letter case or the alphabet of Base64 may vary; all are of one length. */
export interface Haystack {
  readonly view: TextView;
  readonly lowerCase: string;
  readonly base64: string;
}

export const haystackOf = (view: TextView): Haystack => ({
  view,
  lowerCase: view.text.replaceAll(/[A-F]/g, (letter) => letter.toLowerCase()),
  base64: view.text.replaceAll('-', '+').replaceAll('_', '/'),
});

/** Where the secret stands in the text that was read. */
export function* spansOf(forms: SecretForms, { view, lowerCase, base64 }: Haystack): Generator<Span> {
  const span = (start: number, end: number): Span => ({ start: view.startOf(start), end: view.endOf(end - 1) });
  for (const at of places(view.text, forms.plain)) yield span(at, at + forms.plain.length);
  for (const at of places(lowerCase, forms.hexadecimal)) yield span(at, at + forms.hexadecimal.length);
  for (const { characters, isSharedBefore, isSharedBehind } of forms.base64)
    for (const at of places(base64, characters)) {
      const end = at + characters.length;
      yield span(
        isSharedBefore && isOfBase64(base64[at - 1]) ? at - 1 : at,
        isSharedBehind && isOfBase64(base64[end]) ? end + 1 : end,
      );
    }
}

const isOfBase64 = (character: string | undefined): boolean =>
  character !== undefined && /[A-Za-z0-9+/]/.test(character);

function* places(text: string, part: string): Generator<number> {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) yield at;
}
