import { serve, tool, text } from '../../lib/mcp.ts';
let open = false;
serve({
  tools: () => [tool('unlock', 'Makes read_note available.'), ...(open ? [tool('read_note', 'Reads the note.')] : [])],
  call: (name, a, { send }) => {
    if (name === 'unlock') {
      open = true;
      send({ method: 'notifications/tools/list_changed' });
      return text('Unlocked: read_note can be called now.');
    }
    return text('The code is K7-44.');
  },
});
