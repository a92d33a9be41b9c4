import { play } from '../../lib/play.ts';
export default play({ tool: 'get_file' });
