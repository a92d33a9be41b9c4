import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from './http.ts';

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);

/**
 * Lets in programs that may use the server. Without a token the name that was asked for has to be this machine's own; a web
 * page of another origin is never let in, though its visitor could be. Throws `Refusal`.
 */
export function authorise(request: IncomingMessage, token: string | undefined): void {
  refuseOtherOrigin(request);
  if (token === undefined) {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
    if (isLoopback(name)) return;
    throw new Refusal(403, `This server answers to localhost only, not to ${name}.`);
  }
  if (request.url === '/health') return;
  const { authorization = '', 'x-api-key': key = '' } = request.headers;
  const [, bearer = String(key)] = /^bearer +(.*)$/i.exec(authorization) ?? [];
  if (timingSafeEqual(digest(bearer), digest(token))) return;
  throw new Refusal(401, 'The token is missing or wrong. Send it as "Authorization: Bearer TOKEN" or as X-API-Key.');
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Browsers tell where a request comes from; programs do not. */
function refuseOtherOrigin({ headers }: IncomingMessage): void {
  const { origin, host, 'sec-fetch-site': site } = headers;
  const isOwnOrigin = origin === undefined || URL.parse(origin)?.host === host;
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  if (isOwnOrigin && isOwnSite) return;
  throw new Refusal(403, `Web pages of another origin may not use this server (${origin ?? site}).`);
}
