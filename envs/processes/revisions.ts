import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../core/json.ts';
import { isPart } from './content.ts';
import type { RawReply } from './reply.ts';

/*
 * Revisions of MCP. Up to 2025-11-25 a session begins with `initialize`, and every server that knows one of these is spoken
 * to so. Since 2026-07-28 there is no session: each request says in `_meta` what `initialize` said. That form is used with
 * servers that refuse `initialize`.
 */

const STATELESS = '2026-07-28';

export const clientInfo = { name: 'toolstone', version: '0.1.0' } as const;

/** What each request of the stateless form carries. */
export const statelessMeta: JsonObject = {
  'io.modelcontextprotocol/protocolVersion': STATELESS,
  'io.modelcontextprotocol/clientInfo': clientInfo,
  'io.modelcontextprotocol/clientCapabilities': {},
};

export const statelessVersion: string = STATELESS;

/** A server as it describes itself. */
export interface Discovered {
  readonly instructions: string | undefined;
  readonly tellsOfChanges: boolean;
}

/** Reads the reply to `server/discover`; undefined where the server does not know it, a sentence where it speaks none of ours. */
export function discovered({ result, error }: RawReply): Discovered | string | undefined {
  const versions = isPart(result) ? result['supportedVersions'] : supportedIn(error);
  if (!Array.isArray(versions)) return undefined;
  if (!isPart(result) || !versions.includes(STATELESS))
    return `it speaks the revisions ${versions.join(', ')} of MCP, and here are known ${[STATELESS, ...SUPPORTED_PROTOCOL_VERSIONS].join(', ')}`;
  const { instructions, capabilities } = result;
  const tools = isPart(capabilities) ? capabilities['tools'] : undefined;
  return {
    instructions: typeof instructions === 'string' ? instructions : undefined,
    tellsOfChanges: isPart(tools) && tools['listChanged'] === true,
  };
}

function supportedIn(error: unknown): unknown {
  const data = isPart(error) ? error['data'] : undefined;
  return isPart(data) ? data['supported'] : undefined;
}
