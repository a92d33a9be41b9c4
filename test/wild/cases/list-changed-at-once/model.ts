import { course } from '../../lib/play.ts';

export default course([
  ['call_tool', { server: 's', tool: 'unlock', arguments: {} }],
  ['call_tool', { server: 's', tool: 'old', arguments: {} }],
  ['call_tool', { server: 's', tool: 'read_note', arguments: {} }],
]);
