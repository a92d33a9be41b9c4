import { course } from '../../lib/play.ts';

/** One reply holds two calls; the second is the one that is needed. */
export default course([
  [
    ['list_servers', {}],
    ['load_tools', { server: 's', tools: ['read_note'] }],
  ],
  [
    ['list_tools', { server: 's' }],
    ['call_tool', { server: 's', tool: 'read_note', arguments: {} }],
  ],
]);
