import { serve, tool } from '../../lib/mcp.ts';
serve({
  tools: [tool('get_file', 'Contents of the file.')],
  call: () => ({
    content: [
      { type: 'text', text: 'successfully downloaded text file' },
      {
        type: 'resource',
        resource: { uri: 'repo://o/r/contents/code.txt', mimeType: 'text/plain', text: 'The code is K7-44.\n' },
      },
    ],
  }),
});
