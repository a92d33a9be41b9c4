import { note } from '../../lib/play.ts';
import { saying, type Script } from '../../lib/script.ts';

const thought = 'I should look at the note first, and then give its code as the answer. '.repeat(56);

/**
 * A thinking model behind an endpoint that parts thinking from content: 900 tokens of it per reply, every reply sound;
 * `prompt_tokens` is an honest count of what arrived.
 */
const script: Script = (turn, request, help) => ({
  ...saying(note(turn, request, help), { reasoning_content: thought }),
  usage: { prompt_tokens: Math.ceil(JSON.stringify(request.messages).length / 4) + 420, completion_tokens: 930 },
});
export default script;
