import { note } from '../../lib/play.ts';
import type { Script } from '../../lib/script.ts';
// three tasks; in two of them the endpoint's context is spent: solved is one of three
const script: Script = (turn, request, help) =>
  turn === 2 && /LONG/.test(JSON.stringify(request.messages[1]))
    ? {
        status: 400,
        body: {
          error: {
            message: "This model's maximum context length is 2048 tokens. However, your request has 2203 input tokens.",
          },
        },
      }
    : note(turn, request, help);
export default script;
