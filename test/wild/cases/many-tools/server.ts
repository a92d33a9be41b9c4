import { serve, tool, text } from '../../lib/mcp.ts';
// 150 tools of about 300 tokens each, as large servers have them
const words =
  'Lists, filters and sorts the entries of the archive by owner, label, state, milestone, creation date and last change. ';
serve({
  tools: [
    ...Array.from({ length: 150 }, (_, i) =>
      tool(
        `search_${i}`,
        words.repeat(6),
        {
          owner: { type: 'string', description: words },
          label: { type: 'string', description: words },
          state: { type: 'string', enum: ['open', 'closed', 'all'] },
        },
        [],
      ),
    ),
    tool('read_note', 'Reads the note.'),
  ],
  call: () => text('The code is K7-44.'),
});
