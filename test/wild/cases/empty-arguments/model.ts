import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
// a tool without parameters is called with arguments: "" (turn 0 list_servers)
const script: Script = (turn, request, help) =>
  turn === 0 ? { message: { tool_calls: [help.call('list_servers', '')] } } : note(turn - 1, request, help);
export default script;
