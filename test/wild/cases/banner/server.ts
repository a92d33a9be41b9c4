import { serve, text, tool } from '../../lib/mcp.ts';

/** A banner before the first message; lines that end as on Windows, between blank ones. */
serve({
  first: '\uFEFF=== Notes 1.0 ===\r\n\r\n',
  encode: (message) => `\r\n  ${JSON.stringify(message)}\r\n\r\n`,
  tools: [tool('read_note', 'Reads the note.')],
  call: () => text('The code is K7-44.'),
});
