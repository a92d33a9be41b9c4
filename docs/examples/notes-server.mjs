// A small MCP server over stdio: each note is a file `TITLE.txt` in the folder NOTES_FOLDER.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const folder = process.env.NOTES_FOLDER ?? '.';
const fileOf = (title) => join(folder, `${basename(String(title))}.txt`);

const run = {
  list_notes: () => JSON.stringify(readdirSync(folder).sort()).replaceAll('.txt"', '"'),
  read_note: ({ title }) => readFileSync(fileOf(title), 'utf8'),
  write_note: ({ title, text }) => (writeFileSync(fileOf(title), text), `Wrote ${title}.`),
};

const tool = (name, description, ...parameters) => ({
  name,
  description,
  inputSchema: {
    type: 'object',
    properties: Object.fromEntries(parameters.map((parameter) => [parameter, { type: 'string' }])),
    required: parameters,
  },
});
const tools = [
  tool('list_notes', 'Titles of all notes, as a JSON list.'),
  tool('read_note', 'Text of a note.', 'title'),
  tool('write_note', 'Writes a note, in place of one of the same title.', 'title', 'text'),
];

const server = new Server({ name: 'notes', version: '1.0.0' }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
  content: [{ type: 'text', text: run[params.name](params.arguments) }],
}));
await server.connect(new StdioServerTransport());
