import { serve, tool } from '../../lib/mcp.ts';
serve({
  tools: [
    tool('read_invoice', 'Reads the invoice.', {}, [], {
      outputSchema: { type: 'object', properties: { code: { type: 'string' } } },
    }),
  ],
  call: () => ({ content: [], structuredContent: { code: 'K7-44', total: 12.5 } }),
});
