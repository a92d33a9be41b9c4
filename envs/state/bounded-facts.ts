import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { fileFact, type Fact } from '../../core/facts.ts';

/** Bytes of UTF-8 that a fact may hold of one text, for instance of a file; a longer one, and what is no text, is told by length and hash. */
export const MOST_TEXT_BYTES = 2 ** 20;
/** UTF-16 units of all facts of one server; what goes beyond is told by number and hash. */
const MOST_FACT_UNITS = 2 ** 25;

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The text of a file as a fact holds it. */
export function boundedText(bytes: Buffer): string {
  const text = bytes.length <= MOST_TEXT_BYTES ? bytes.toString('utf8') : '\uFFFD';
  // What is no UTF-8 would read like other bytes that are none.
  if (!text.includes('\uFFFD') || (bytes.length <= MOST_TEXT_BYTES && Buffer.from(text).equals(bytes))) return text;
  return `[${bytes.length} bytes, SHA-256 ${hashOf(bytes)}]`;
}

/**
 * Facts as records hold them, whatever a policy left in a world. Seeds and end states pass here alike, so that equal
 * content gives equal facts.
 * @returns sorted facts where some are left out, else in the order given.
 */
export function boundedFacts(facts: readonly Fact[]): readonly Fact[] {
  const bounded = facts.map((fact) => (fact.length <= MOST_TEXT_BYTES ? fact : boundedFact(fact)));
  if (bounded.reduce((units, { length }) => units + length, 0) <= MOST_FACT_UNITS) return bounded;
  bounded.sort();
  let units = 0;
  const most = bounded.findIndex(({ length }) => (units += length) > MOST_FACT_UNITS);
  const rest = bounded.slice(most);
  const mark = `[${rest.length} facts, SHA-256 ${hashOf(rest.join('\n'))}]`;
  return [...bounded.slice(0, most), fileFact('(more than a record holds)', mark)];
}

function boundedFact(fact: Fact): Fact {
  const parts = JSON.parse(fact) as readonly string[];
  return JSON.stringify(
    parts.map((part) => (part.length <= MOST_TEXT_BYTES / 3 ? part : boundedText(Buffer.from(part)))),
  );
}
