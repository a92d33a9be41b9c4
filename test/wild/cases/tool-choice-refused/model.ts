import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
const script: Script = (turn, request, help) =>
  'tool_choice' in request
    ? {
        status: 400,
        body: { error: { message: "'tool_choice' is not supported by this model", type: 'invalid_request_error' } },
      }
    : note(turn, request, help);
export default script;
