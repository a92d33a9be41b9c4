import type { IncomingMessage, ServerResponse } from 'node:http';
import { tooDeep, type JsonObject } from '../../core/json.ts';

/** What a request is answered with instead of what it asked for; `message` says why and what to do about it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The body as an object; none at all is an empty one, whatever clients say of its content type. A body has to say that it is
 * JSON, which a web page of another origin may not without being asked first. Throws `Refusal`.
 */
export async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Refusal(413, `The body is longer than ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  if (text !== '' && !/^application\/json *(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new Refusal(415, 'The body is no JSON by its content type. Send it as "Content-Type: application/json".');
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(400, 'The body is not a JSON object.');
  const deep = tooDeep(value);
  if (deep !== null) throw new Refusal(400, `The body ${deep}. Send it with fewer.`);
  return value as JsonObject;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

/** `detail` is where clients look for the words. */
export const sendRefusal = (response: ServerResponse, { status, message, headers }: Refusal): void =>
  sendJson(response, status, { detail: message }, headers);
