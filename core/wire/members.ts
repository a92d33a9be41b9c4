import { createHash } from 'node:crypto';
import { crc32, gzipSync, inflateRawSync } from 'node:zlib';
import type { Place } from '../record/lines.ts';

/*
 * A recording is a chain of gzip members, one for each line, so that it can be appended to and cut back at a line, and is read by any
 * program that reads gzip. RFC 1952; our members have no optional fields and no time.
 */

const headerBytes = 10;
const trailerBytes = 8;
/** Of a member as we write it: no flags, no time, the same on every system. */
const magic = Buffer.from('1f8b08000000000000', 'hex');

/** A line as it is written: its own hash first, so that a changed line is found and named. */
export function lineOf(entry: string): string {
  return `${opening}${hashOf(entry)}${between}${entry}}`;
}

const opening = '{"sha256":"';
const between = '","entry":';
const entryStart = opening.length + 64 + between.length;

const hashOf = (entry: string): string => createHash('sha256').update(entry).digest('hex');

/** The JSON of the entry in a line; `null` where the line is not as it was written. */
export function entryOf(line: string): string | null {
  const entry = line.slice(entryStart, -1);
  return line === lineOf(entry) ? entry : null;
}

/** The same bytes for the same line, on every machine with the same zlib. */
export const memberOf = (line: string): Buffer => gzipSync(`${line}\n`);

/** What a scan of a recording met. */
export interface Scan {
  /** Where the last whole member ends, in bytes. */
  readonly end: number;
  /** `torn`: the file ends within a member; `broken`: a member is damaged though others follow it, or its checksum is wrong. */
  readonly fault?: 'torn' | 'broken';
}

/** Calls `use` with each member's text and place, from the first on. Somebody may have packed all lines into one. */
export function eachMember(bytes: Buffer, use: (text: string, place: Place) => void): Scan {
  let start = 0;
  while (start < bytes.length) {
    const member = memberAt(bytes, start);
    if (member === null) {
      const isLast = bytes.indexOf(magic, start + 1) < 0 && isBegun(bytes, start);
      return { end: start, fault: isLast ? 'torn' : 'broken' };
    }
    if (!member.isWhole) return { end: start, fault: 'broken' };
    use(member.text, { start, length: member.end - start });
    start = member.end;
  }
  return { end: start };
}

/** The text of a whole member. */
export const textOfMember = (bytes: Buffer, { start }: Place): string => memberAt(bytes, start)?.text ?? '';

function isBegun(bytes: Buffer, start: number): boolean {
  const begun = bytes.subarray(start, start + magic.length);
  return begun.equals(magic.subarray(0, begun.length));
}

/** `null`: it cannot be read to its end. */
function memberAt(bytes: Buffer, start: number) {
  try {
    const data = bytes.subarray(start + headerBytes + nameBytes(bytes, start));
    // The types know nothing of `info`: https://nodejs.org/api/zlib.html#class-options
    const { buffer, engine } = inflateRawSync(data, { info: true }) as unknown as Inflated;
    const end = bytes.length - data.length + engine.bytesWritten + trailerBytes;
    if (end > bytes.length) return null;
    return { text: buffer.toString(), end, isWhole: crc32(buffer) === bytes.readUInt32LE(end - trailerBytes) };
  } catch {
    return null;
  }
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

const nameFlag = 8;

/** The program `gzip` puts the file's name into the member that it makes. */
function nameBytes(bytes: Buffer, start: number): number {
  if (((bytes[start + 3] ?? 0) & nameFlag) === 0) return 0;
  const from = start + headerBytes;
  return bytes.indexOf(0, from) + 1 - from;
}
