import { note } from '../../lib/play.ts';
import { saying, type Script } from '../../lib/script.ts';

const message = 'The `reasoning_content` in the thinking mode must be passed back to the API.';

/** A thinking model whose API wants `reasoning_content` back with every call. */
const script: Script = (turn, request, help) =>
  request.messages.some((one) => one.role === 'assistant' && one.tool_calls && one.reasoning_content === undefined)
    ? { status: 400, body: { error: { message, type: 'invalid_request_error' } } }
    : saying(note(turn, request, help), { reasoning_content: 'Let me see.' });
export default script;
