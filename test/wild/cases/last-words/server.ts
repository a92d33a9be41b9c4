import { serve, tool } from '../../lib/mcp.ts';

/** Dies in a call, and says why on standard error. */
serve({
  tools: [tool('read_note', 'Reads the note.')],
  call: () => {
    process.stderr.write('the disk of notes is gone\n', () => process.exit(7));
    return new Promise(() => undefined);
  },
});
