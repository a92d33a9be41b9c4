import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
let failures = 0;
/** Ollama answers 500 for a call of its own model that it cannot parse; later turns go well. */
const script: Script = (turn, request, help) => {
  if (turn !== 1 || failures > 0) return note(turn - failures, request, help);
  failures++;
  const raw = '{"server":"s","tool":"read_note","arguments":{}}]';
  const error = `error parsing tool call: raw='${raw}', err=invalid character ']' after top-level value`;
  return { status: 500, body: { error } };
};
export default script;
