import { play } from '../../lib/play.ts';
export default play({ tool: 'shoot', find: /(image)/ });
