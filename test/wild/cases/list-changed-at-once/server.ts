import { serve, text, tool } from '../../lib/mcp.ts';

let isOpen = false;
const before = [tool('unlock', 'Makes read_note available.'), tool('old', 'Goes away.')];
const after = [tool('unlock', 'Does no more.'), tool('read_note', 'Reads the note.')];

/** A call adds a tool, takes one away and changes one. */
serve({
  tools: () => (isOpen ? after : before),
  call: (name, _args, { send }) => {
    if (name !== 'unlock') return text('The code is K7-44.');
    isOpen = true;
    send({ method: 'notifications/tools/list_changed' });
    return text('Unlocked.');
  },
});
