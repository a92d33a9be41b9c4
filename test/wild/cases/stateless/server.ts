import { serve, text, tool } from '../../lib/mcp.ts';

/** Speaks the revision without sessions alone, and refuses a request that does not say so. */
serve({
  speaks: '2026-07-28',
  info: { instructions: 'Whoever reads may answer.' },
  tools: [tool('read_note', 'Reads the note.')],
  call: () => text('The code is K7-44.'),
});
