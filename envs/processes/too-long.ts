import type { RawReply } from './reply.ts';

const MOST_MEBIBYTES = 16;
/** The longest line, body or event of a server that is read. What a policy gets to see of a result is far shorter. */
export const MOST_ANSWER_BYTES = MOST_MEBIBYTES * 2 ** 20;
/** Kept of the beginning of a longer one: more than any budget shows of a result. */
export const BEGINNING_BYTES = 2 ** 18;

/** What a policy reads in the place of a longer one: a JSON-RPC error. */
export const TOO_LONG = {
  code: -32_603,
  message:
    `The server's answer is longer than ${MOST_MEBIBYTES} MiB, the most that is taken of one, and was dropped. ` +
    'Ask for a part of it.',
};

/** Before the first text of a result, with the quotes and escapes of JSON. */
const FIRST_TEXT = /^[^]{0,400}?"text"\s*:\s*"/;

/** The first text of a result of which only the ends are there, as a result; an error where it holds none. */
export function shortened(line: string, ending: string): RawReply {
  const head = FIRST_TEXT.exec(line)?.[0];
  if (head === undefined) return { error: TOO_LONG };
  // Up to the text's end, or to the last whole character of it.
  const [written = ''] = /^(?:[^"\\]|\\u[\da-fA-F]{4}|\\[^u])*/.exec(line.slice(head.length)) ?? [];
  const text = JSON.parse(`"${written.replace(/\uFFFD$/, '')}"`) as string;
  const isError = /"isError"\s*:\s*true/.test(head + ending);
  return { result: { content: [{ type: 'text', text: `${text}\n[${TOO_LONG.message}]` }], isError } };
}
