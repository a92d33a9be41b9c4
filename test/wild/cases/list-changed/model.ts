import { course } from '../../lib/play.ts';

export default course([
  ['load_tools', { server: 's', tools: ['unlock'] }],
  ['call_tool', { server: 's', tool: 'unlock', arguments: {} }],
  ['list_tools', { server: 's' }],
  ['load_tools', { server: 's', tools: ['read_note'] }],
  ['call_tool', { server: 's', tool: 'read_note', arguments: {} }],
]);
