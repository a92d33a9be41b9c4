import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
// Ollama answers 500 for a call of its own model that it cannot parse; a later turn would go well
const script: Script = (turn, request, help) =>
  turn === 1
    ? {
        status: 500,
        body: {
          error:
            'error parsing tool call: raw=\'{"server":"s","tool":"read_note","arguments":{}}]\', err=invalid character \']\' after top-level value',
        },
      }
    : note(turn, request, help);
export default script;
