import { serve, tool, text } from '../../lib/mcp.ts';
serve({
  tools: [tool('read_note', 'Reads the note.')],
  call: () => text('The code is K7-44. ' + 'x y z '.repeat(5_000_000)),
});
