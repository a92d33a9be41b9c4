import { note } from '../../lib/play.ts';
import { callIn, type Script } from '../../lib/script.ts';

/** Content as a list of parts, as Mistral's reasoning models send it; the call is written in the text part. */
const script: Script = (...asked) => {
  const { name, arguments: args } = callIn(note(...asked));
  const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Let me see.' }] };
  const text = `<tool_call>\n{"name": "${name}", "arguments": ${args}}\n</tool_call>`;
  return { message: { content: [thinking, { type: 'text', text }] }, finish_reason: 'stop' };
};
export default script;
