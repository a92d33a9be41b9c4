import { createInterface } from 'node:readline';

/** A small MCP server whose one tool does what it is told, as JavaScript, and answers with what came of it. */
const replies: Readonly<Record<string, (params: { arguments?: { code?: string } }) => unknown>> = {
  initialize: () => ({
    protocolVersion: '2025-06-18',
    capabilities: { tools: {} },
    serverInfo: { name: 'evaluating', version: '1' },
  }),
  'tools/list': () => ({
    tools: [{ name: 'evaluate', inputSchema: { type: 'object', properties: { code: { type: 'string' } } } }],
  }),
  'tools/call': async ({ arguments: args }) => {
    const text = await evaluated(args?.code ?? '').catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
    return { content: [{ type: 'text', text: String(text) }] };
  },
};

async function evaluated(code: string): Promise<unknown> {
  const modules = { fs: await import('node:fs'), net: await import('node:net') };
  // oxlint-disable-next-line no-implied-eval -- that is what it is for
  const work = new Function('fs', 'net', `return (${code})`) as (...modules: unknown[]) => unknown;
  return work(modules.fs, modules.net);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line) as { id?: number; method: string; params: { arguments?: object } };
  const result = await replies[method]?.(params);
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
}
