import type { Readable } from 'node:stream';
import { BEGINNING_BYTES, MOST_ANSWER_BYTES } from './too-long.ts';

/** Kept of a longer line's end: a JSON-RPC reply may name its request there. */
const END_BYTES = 256;

export interface LineReceiver {
  readonly line: (line: string) => void;
  /** A line that was too long has ended; the rest of it was dropped as it came. */
  readonly tooLong: (beginning: string, ending: string) => void;
}

/** Reads lines of UTF-8 without their newlines; holds no more of one than `MOST_ANSWER_BYTES` and a chunk. */
export function readLines(output: Readable, receive: LineReceiver): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  let beginning: string | undefined;

  const add = (part: Buffer) => {
    parts.push(part);
    bytes += part.length;
    if (bytes <= MOST_ANSWER_BYTES && beginning === undefined) return;
    const whole = Buffer.concat(parts);
    beginning ??= whole.toString('utf8', 0, BEGINNING_BYTES);
    parts = [Buffer.from(whole.subarray(-END_BYTES))];
  };
  const finish = () => {
    const whole = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    if (beginning === undefined) receive.line(whole.toString('utf8'));
    else receive.tooLong(beginning, whole.toString('utf8'));
    parts = [];
    bytes = 0;
    beginning = undefined;
  };

  output.on('data', (chunk: Buffer) => {
    const first = chunk.indexOf(10);
    if (first === -1) {
      add(chunk);
      return;
    }
    add(chunk.subarray(0, first));
    finish();
    const last = chunk.lastIndexOf(10);
    if (last > first) for (const line of chunk.toString('utf8', first + 1, last).split('\n')) receive.line(line);
    if (last + 1 < chunk.length) add(chunk.subarray(last + 1));
  });
}
