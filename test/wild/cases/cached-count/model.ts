import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
// the server counts only the tokens that it had to evaluate anew, not those of its cache
const script: Script = (turn, request, help) => ({
  ...note(turn, request, help),
  ...(turn > 0 ? { usage: { prompt_tokens: 24, completion_tokens: 20 } } : {}),
});
export default script;
