import type { Script } from '../../lib/script.ts';
// every reply is cut at the bound in the middle of thinking, and of the thinking nothing comes back
const script: Script = () => ({ message: { content: '' }, finish_reason: 'length' });
export default script;
