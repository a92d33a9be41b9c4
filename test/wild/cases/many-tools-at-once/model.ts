import { course } from '../../lib/play.ts';

/** For the view that shows everything at once: call, answer. */
export default course([['call_tool', { server: 's', tool: 'read_note', arguments: {} }]]);
