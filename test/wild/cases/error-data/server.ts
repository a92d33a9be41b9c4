import { serve, tool } from '../../lib/mcp.ts';
serve({
  tools: [tool('read_note', 'Reads the note.')],
  call: () => {
    throw { code: -32602, message: 'Invalid params', data: { hint: 'the code is K7-44' } };
  },
});
