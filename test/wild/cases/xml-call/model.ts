import { note } from '../../lib/play.ts';
import { callIn, type Script } from '../../lib/script.ts';

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A server without a parser for the model's own form leaves the call in the text. */
const script: Script = (...asked) => {
  const { name, arguments: args } = callIn(note(...asked));
  const parameters = Object.entries(JSON.parse(args) as object).map(
    ([key, value]) => `<parameter=${key}>\n${textOf(value)}\n</parameter>\n`,
  );
  const content = `<tool_call>\n<function=${name}>\n${parameters.join('')}</function>\n</tool_call>`;
  return { message: { content }, finish_reason: 'stop' };
};
export default script;
