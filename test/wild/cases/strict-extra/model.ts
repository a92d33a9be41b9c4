import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
// an API that refuses every field it does not know, two named at a time, without the word "error" around the sentence
const known = new Set([
  'model',
  'messages',
  'stream',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'n',
  'temperature',
  'top_p',
  'max_tokens',
  'presence_penalty',
  'frequency_penalty',
  'response_format',
]);
const script: Script = (turn, request, help) => {
  const extra = Object.keys(request)
    .filter((k) => !known.has(k))
    .slice(0, 2);
  return extra.length > 0
    ? {
        status: 422,
        body: {
          object: 'error',
          message: {
            detail: extra.map((k) => ({
              type: 'extra_forbidden',
              loc: ['body', k],
              msg: 'Extra inputs are not permitted',
              input: 0,
            })),
          },
          type: 'invalid_request_error',
        },
      }
    : note(turn, request, help);
};
export default script;
