import { serve, text, tool } from '../../lib/mcp.ts';

/** Its pattern is legal without flag u alone. */
serve({
  tools: [tool('look_up', 'Looks a page up.', { url: { type: 'string', pattern: '^https\\:\\/\\/' } })],
  call: (_name, { url }) => {
    if (!String(url).startsWith('https:')) return { ...text('bad url'), isError: true };
    return text('The code is K7-44.');
  },
});
