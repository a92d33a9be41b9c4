/** Files of a task are texts; the bytes of one that is no UTF-8 stand in such a text, behind a mark that no text begins with. */
const MARK = '\0base64:';

/** A file's bytes as a task holds them. */
export function contentOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return !text.startsWith(MARK) && Buffer.from(text).equals(buffer) ? text : MARK + buffer.toString('base64');
}

export const isBinary = (content: string): boolean => content.startsWith(MARK);

/** The bytes of `contentOf`. */
export const bytesOf = (content: string): Buffer =>
  isBinary(content) ? Buffer.from(content.slice(MARK.length), 'base64') : Buffer.from(content);
