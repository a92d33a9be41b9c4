import { serve, tool } from '../../lib/mcp.ts';

const bytes = 'iVBORw0KGgo=';

/** Every kind of part, and a structured result that the text does not say. */
serve({
  tools: [
    tool('read_all', 'Reads all.', {}, [], {
      outputSchema: { type: 'object', properties: { code: { type: 'number' } } },
    }),
  ],
  call: () => ({
    content: [
      { type: 'text', text: 'first' },
      { type: 'audio', mimeType: 'audio/wav', data: bytes },
      { type: 'resource', resource: { uri: 'file:///a.bin', mimeType: 'application/pdf', blob: bytes } },
      {
        type: 'resource_link',
        uri: 'file:///b.txt',
        name: 'b.txt',
        description: 'the other one',
        mimeType: 'text/plain',
      },
      { type: 'hologram', depth: 3 },
      'bare',
    ],
    structuredContent: { code: 'K7-44' },
  }),
});
