import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
// one reply is empty (all of it was thinking); the API refuses an assistant message without content and calls
const script: Script = (turn, request, help) => {
  if (request.messages.some((m) => m.role === 'assistant' && !m.content && !m.tool_calls))
    return {
      status: 400,
      body: {
        error: {
          message: 'Assistant message must have either content or tool_calls, but not none.',
          type: 'invalid_request_error',
        },
      },
    };
  return turn === 1
    ? { message: { content: '', reasoning_content: 'Hm. '.repeat(50) }, finish_reason: 'length' }
    : note(turn > 1 ? turn - 1 : turn, request, help);
};
export default script;
