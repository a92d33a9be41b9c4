import { serve, text, tool } from './mcp.ts';

serve({ tools: [tool('read_note', 'Reads the note.')], call: () => text('The code is K7-44.') });
