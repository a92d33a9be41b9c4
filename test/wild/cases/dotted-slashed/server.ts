import { serve, tool, text } from '../../lib/mcp.ts';
serve({
  tools: [tool('notes/read', 'Reads the note.'), tool('notes.list', 'Lists notes.')],
  call: () => text('The code is K7-44.'),
});
