import { serve, tool, text } from '../../lib/mcp.ts';
serve({
  tools: [tool('read_note', 'Reads the note.')],
  call: (n, a, { raw }) => {
    raw('Loading model... ');
    return text('The code is K7-44.');
  },
});
