import { play } from '../../lib/play.ts';
export default play({ tool: 'read_note' });
