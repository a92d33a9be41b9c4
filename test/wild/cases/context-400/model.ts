import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
// the server's context is smaller than the episode
const script: Script = (turn, request, help) =>
  turn === 2
    ? {
        status: 400,
        body: {
          error: {
            message:
              "This model's maximum context length is 2048 tokens. However, your request has 2203 input tokens. Please reduce the length of the input messages.",
            type: 'BadRequestError',
            code: 400,
          },
        },
      }
    : note(turn, request, help);
export default script;
