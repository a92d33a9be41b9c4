import { createHash } from 'node:crypto';
import type { Tool } from './types.ts';

/** What a server offered, in so few characters that every manifest has room for it. */
export interface Fingerprint {
  /** SHA-256, cut, of what the server tells every client at the start; absent where that is nothing. */
  readonly instructions?: string;
  /** Tool → its fingerprint, in the server's order: `toolPrint` writes it, `readToolPrint` reads it. */
  readonly tools: Readonly<Record<string, string>>;
}

/** A tool's fingerprint: SHA-256, cut, of its description and of everything else that is said of it, and the length of its schema. */
export interface ToolPrint {
  readonly description: string;
  readonly schema: string;
  /** Characters (UTF-16 units) of the schema as views show it. */
  readonly characters: number;
}

/** Digits of SHA-256 that are kept: enough to tell what a server offered on one day from what it offered on another. */
const digits = 12;

export const cutHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, digits);

/** e.g. `9f3c2a1b4d5e 81bc22aa0011 812`. */
export function toolPrint(
  { description, title, inputSchema, outputSchema, annotations }: Tool,
  characters: number,
): string {
  const rest = JSON.stringify({ title, inputSchema, outputSchema, annotations });
  return `${cutHash(description)} ${cutHash(rest)} ${characters}`;
}

export function readToolPrint(print: string): ToolPrint {
  const [description = '', schema = '', characters = ''] = print.split(' ');
  return { description, schema, characters: Number(characters) };
}
