import { serve, tool, text } from '../../lib/mcp.ts';
serve({ first: '\uFEFF', tools: [tool('read_note', 'Reads the note.')], call: () => text('The code is K7-44.') });
