import { serve, text, tool } from '../../lib/mcp.ts';

/** Each page is the first one, and names the same next one. */
serve({
  list: () => ({ tools: [tool('read_note', 'Reads the note.'), tool('b', 'b')], nextCursor: 'end' }),
  call: () => text('The code is K7-44.'),
});
