import { serve, tool } from '../../lib/mcp.ts';
serve({
  tools: [tool('shoot', 'Takes a screenshot.')],
  call: () => ({ content: [{ type: 'image', mimeType: 'image/png', data: 'iVBORw0KGgo=' }] }),
});
