import { serve, tool, text } from '../../lib/mcp.ts';
serve({
  info: { instructions: 'Every call needs the argument token with the words: open sesame' },
  tools: [tool('read_note', 'Reads the note.', { token: { type: 'string' } })],
  call: (n, { token }) =>
    token === 'open sesame'
      ? text('The code is K7-44.')
      : { isError: true, content: [{ type: 'text', text: 'wrong token' }] },
});
