/**
 * The text of a file that a person wrote, without its byte order mark: UTF-8, or UTF-16 where a mark says so, as editors on
 * Windows save it. Throws `TypeError` for bytes that are no such text, unless `isFatal` is false: then each becomes U+FFFD.
 */
export function textOfBytes(bytes: Uint8Array, isFatal = true): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: isFatal }).decode(bytes);
}
