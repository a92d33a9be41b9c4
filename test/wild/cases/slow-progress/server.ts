import { serve, text, tool } from '../../lib/mcp.ts';

/** Seven seconds of work, with a progress message each half second; the block allows two without one. */
serve({
  tools: [tool('build', 'Builds the index; takes a while.')],
  call: async (_name, _args, { send }, { params }) => {
    for (let progress = 0; progress < 14; progress++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const { _meta: { progressToken } = {} } = params ?? {};
      send({ method: 'notifications/progress', params: { progressToken, progress, total: 14 } });
    }
    return text('The code is K7-44.');
  },
});
