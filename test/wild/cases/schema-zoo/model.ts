import { course } from '../../lib/play.ts';

const tool = 'notes.read/größe';

/** One call that does not fit the schema, and one that does. */
export default course([
  ['load_tools', { server: 's', tools: [tool, 'definitions', 'nothing'] }],
  ['call_tool', { server: 's', tool, arguments: { page: 0 } }],
  ['call_tool', { server: 's', tool: 'definitions', arguments: { children: [{ children: 5 }] } }],
  ['call_tool', { server: 's', tool, arguments: { page: 3 } }],
]);
