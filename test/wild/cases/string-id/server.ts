import { serve, tool, text } from '../../lib/mcp.ts';
serve({ id: (x) => String(x), tools: [tool('read_note', 'Reads the note.')], call: () => text('The code is K7-44.') });
