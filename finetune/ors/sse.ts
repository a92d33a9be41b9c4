import type { ServerResponse } from 'node:http';
import { messageOf } from '../../core/errors.ts';

/* Ours: the protocol's client wants its own slices, and an answer that can be asked for again, of which no library knows. */

const HEARTBEAT_MILLISECONDS = 10_000;

/** The client's line reader gives up on lines of 128 KiB; an answer beyond this many characters goes out in slices. */
const MOST_CHARACTERS = 60_000;

/**
 * Streams an answer as Server-Sent Events: its id at once, so that a client that loses the connection can ask for it again,
 * comments while the work lasts, and the JSON text at the end. A rejected answer becomes the event `error`, which ends the
 * session on the client: that is for faults of the server's own.
 */
export async function streamAnswer(response: ServerResponse, taskId: string, answer: Promise<string>): Promise<void> {
  beginStream(response);
  response.write(event('task_id', taskId));
  const heartbeat = setInterval(() => response.write(': ping\n\n'), HEARTBEAT_MILLISECONDS);
  try {
    response.end(answerEvents(await answer));
  } catch (error) {
    response.end(event('error', messageOf(error).replaceAll('\n', ' ')));
  } finally {
    clearInterval(heartbeat);
  }
}

/** The answer to `create_session`: an id and nothing else. */
export function streamId(response: ServerResponse, id: string): void {
  beginStream(response);
  response.end(event('task_id', id) + event('end', ''));
}

function beginStream(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  });
}

const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`;

/**
 * The events of one JSON text, which must hold no line breaks: `chunk` for all slices but the last, `end` for that. The
 * client strips white space from the beginning of every data line, so no slice begins with any: plain blanks are written
 * as escapes there, and all other white space is escaped everywhere with the rest of what is not ASCII.
 */
export function answerEvents(json: string, mostCharacters: number = MOST_CHARACTERS): string {
  const ascii = json.replace(/[\u007f-\uffff]/g, (unit) => escape(unit.charCodeAt(0)));
  const slices: string[] = [];
  for (let start = 0; start < ascii.length; start += mostCharacters) {
    const slice = ascii.slice(start, start + mostCharacters);
    slices.push(start > 0 && slice.startsWith(' ') ? escape(0x20) + slice.slice(1) : slice);
  }
  return slices.map((slice, index) => event(index < slices.length - 1 ? 'chunk' : 'end', slice)).join('');
}

const escape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
