import { serve, text } from '../../lib/mcp.ts';
serve({
  tools: [
    { name: 'read_note', description: 'Reads the note.', inputSchema: {} },
    { name: 'other', description: 'x', inputSchema: { properties: { a: { type: 'string' } } } },
  ],
  call: () => text('The code is K7-44.'),
});
