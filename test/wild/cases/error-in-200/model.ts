import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
// the first try of the second turn is answered 200 with an error for body, as a router does when a provider is busy
let failed = false;
const script: Script = (turn, request, help) => {
  if (turn === 1 && !failed) {
    failed = true;
    return { status: 200, body: { error: { message: 'Provider returned error', code: 502 } } };
  }
  return note(turn, request, help);
};
export default script;
