import { note } from '../../lib/play.ts';
import { callIn, type Script } from '../../lib/script.ts';

/** The whole argument object comes as a JSON string inside a JSON string. */
const script: Script = (turn, request, help) => {
  const { name, arguments: args } = callIn(note(turn, request, help));
  return { message: { tool_calls: [help.call(name, JSON.stringify(args))] } };
};
export default script;
