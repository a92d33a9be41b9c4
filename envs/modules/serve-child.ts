import { basename } from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { loadOwn } from '../../core/load-own.ts';
import { requireShape } from '../../core/own-module.ts';
import { serverShape, toolShape, type ModuleServer } from './server.ts';

/** `serve-child FILE` serves the tools of a user's own module over stdio, in the working directory as their folder. */
const [, , path = ''] = process.argv;
const name = basename(path);
try {
  const { tools } = await loadOwn<ModuleServer>(path, 'server', serverShape);
  for (const [index, tool] of tools.entries())
    requireShape(tool, `The server ${name} has a default export whose tools[${index}]`, toolShape);
  const server = new Server({ name, version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name: called, description, inputSchema }) => ({
      name: called,
      description,
      inputSchema: inputSchema as typeof inputSchema & { type: 'object' },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = tools.find((one) => one.name === params.name);
    if (!tool) return failed(`There is no tool ${params.name}.`);
    try {
      const result: unknown = await tool.call((params.arguments ?? {}) as JsonObject, process.cwd());
      const text = typeof result === 'string' ? result : JSON.stringify(result);
      return { content: [{ type: 'text', text }] };
    } catch (error) {
      return failed(messageOf(error));
    }
  });
  await server.connect(new StdioServerTransport());
} catch (error) {
  // Whoever cites these words ends the sentence.
  process.stderr.write(`${messageOf(error).replace(/\.$/, '')}\n`);
  process.exitCode = 2;
}

function failed(text: string) {
  return { content: [{ type: 'text' as const, text }], isError: true };
}
