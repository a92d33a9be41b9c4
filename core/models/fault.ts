import { isJsonObject, type Json } from '../json.ts';
import { faultKind, type FaultKind } from './fault-kinds.ts';

/** An answer that is no reply: a status other than 2xx, or an error inside a 200. */
export class EndpointFault extends Error {
  override readonly name = 'EndpointFault';
  /** Of an error inside a 200 the one that it names, else 502; 200 of what is no reply at all. */
  readonly status: number;
  /** All texts of the answer, one a line: codes, types and options stand in different places everywhere. */
  readonly words: string;
  /** What the server asks for by Retry-After; null where it does not. */
  readonly waitMilliseconds: number | null;
  readonly kind: FaultKind;

  constructor(status: number, { message, words }: FaultText, waitMilliseconds: number | null = null) {
    super(message);
    this.status = status;
    this.words = words;
    this.waitMilliseconds = waitMilliseconds;
    this.kind = faultKind(status, words);
  }

  /** May go well the next time. */
  get isPassing(): boolean {
    return this.kind === 'other' && (passingStatuses.has(this.status) || this.status >= 500);
  }
}

const passingStatuses = new Set([200, 408, 409, 425, 429]);

/** A fault that came of every try. */
export class LastingFault extends Error {
  override readonly name = 'LastingFault';
}

export interface FaultText {
  /** A sentence for people. */
  readonly message: string;
  readonly words: string;
}

const MOST_MESSAGE = 500;
const MOST_WORDS = 8_000;

/** What the body of an error says, in whatever shape it comes. */
export function faultText(body: string): FaultText {
  let value: Json;
  try {
    value = JSON.parse(body) as Json;
  } catch {
    // No JSON: a proxy's page, perhaps.
    const text = body.trim().slice(0, 300) || 'no message';
    return { message: text, words: text };
  }
  return faultTextOf(value);
}

export function faultTextOf(value: Json): FaultText {
  const message = sentenceIn(value) || JSON.stringify(value).slice(0, 300);
  return { message: message.slice(0, MOST_MESSAGE), words: leavesOf(value).join('\n').slice(0, MOST_WORDS) };
}

/** The fault inside an answer of 200, as routers send it when a provider is busy; null where it holds none. */
export function faultWithin(value: Json): EndpointFault | null {
  if (!isJsonObject(value)) return null;
  const error = value['error'] ?? (value['object'] === 'error' ? value : null);
  if (error === null || error === false || error === '') return null;
  const code = isJsonObject(error) ? Number(error['code'] ?? error['status']) : NaN;
  const isStatus = Number.isInteger(code) && code >= 400 && code <= 599;
  return new EndpointFault(isStatus ? code : 502, faultTextOf(value));
}

/** The sentence inside `{"error": "…"}`, `{"error": {"message": "…"}}`, `{"detail": [{"loc": [], "msg": "…"}]}` and their like. */
function sentenceIn(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(sentenceIn).filter(Boolean).join('; ');
  if (!isJsonObject(value)) return '';
  const { loc, msg } = value;
  if (typeof msg === 'string') return Array.isArray(loc) ? `${loc.join('.')}: ${msg}` : msg;
  for (const key of ['error', 'message', 'detail', 'errors', 'error_description', 'title']) {
    const found = sentenceIn(value[key]);
    if (found === '') continue;
    // A router's own sentence says little: the provider's stands beside it.
    const raw = key === 'message' ? sentenceIn(parsed(rawOf(value['metadata']))) : '';
    return raw === '' || found.includes(raw) ? found : `${found}: ${raw}`;
  }
  return '';
}

const rawOf = (metadata: Json | undefined): Json | undefined => (isJsonObject(metadata) ? metadata['raw'] : undefined);

function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** What an error repeats of the request is no word about it. */
const echoes = new Set(['input', 'body', 'url', 'request', 'prompt']);

function leavesOf(value: Json): string[] {
  if (typeof value === 'string') {
    const inner = /^\s*[{[]/.test(value) ? parsed(value) : value;
    return typeof inner === 'string' || inner === undefined ? [value] : leavesOf(inner);
  }
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(leavesOf);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => (echoes.has(key) ? [] : leavesOf(one)));
}
