import { play } from '../../lib/play.ts';
export default play({ tool: 'look_up', args: { url: 'https://example.org/' } });
