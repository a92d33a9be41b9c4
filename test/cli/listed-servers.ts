import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a planted server says of itself; one without tools ends before it says anything. */
export interface Listed {
  readonly tools?: readonly object[];
  readonly instructions?: string;
}

/** A bare MCP server over stdio that lists what stands in its first argument. */
const source = `
import { createInterface } from 'node:readline';
const { tools, instructions } = JSON.parse(process.argv[2]);
if (!tools) { console.error('there is no database'); process.exit(3); }
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const { protocolVersion } = params ?? {};
  const result = method === 'initialize'
    ? { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'listed', version: '1' }, instructions }
    : { tools };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
`;

/** Writes a client's file of such servers, and what they run; its path. */
export function clientFile(folder: string, servers: Readonly<Record<string, Listed>>, name = 'mcp.json'): string {
  const script = join(folder, 'listed.mjs');
  writeFileSync(script, source);
  const mcpServers = Object.fromEntries(
    Object.entries(servers).map(([server, listed]) => [
      server,
      { command: process.execPath, args: [script, JSON.stringify(listed)] },
    ]),
  );
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ mcpServers }));
  return path;
}

export const tool = (name: string, description: string, properties: object = {}) => ({
  name,
  description,
  inputSchema: { type: 'object', properties },
});
