import { serve, tool, text } from '../../lib/mcp.ts';
// two pages; the cursor of the second is the empty string
serve({
  list: ({ cursor }) =>
    cursor === undefined
      ? { tools: [tool('a', 'a')], nextCursor: '' }
      : { tools: [tool('read_note', 'Reads the note.')] },
  call: () => text('The code is K7-44.'),
});
