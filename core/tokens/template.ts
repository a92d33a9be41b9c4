import type { Json } from '../json.ts';
import type { Action, MetaTool } from '../types.ts';

/**
 * The Qwen3 chat template for our transcript: one system message with the meta-tools, one user prompt, then assistant
 * calls and tool responses in turn, only ever appended. Each function renders one message. Special tokens bound every
 * message, so token counts of messages add up to the count of the whole prompt. Source: `chat_template` of the Qwen3
 * tokenizer configuration; a test renders that with a Jinja engine and compares.
 */

/** Opens the assistant's turn, thinking left to the model. */
export const generationPrompt = '<|im_start|>assistant\n';

export const systemMessage = (system: string, metaTools: readonly MetaTool[]): string =>
  `<|im_start|>system\n${system}${toolsText(metaTools)}<|im_end|>\n`;

/** How tools stand in the system prompt, and how they are to be called. */
export function toolsText(metaTools: readonly MetaTool[]): string {
  return `${toolsIntroduction}${metaTools.map(toolLine).join('')}${toolsClosing}`;
}

/** One tool in that list, with the line break before it. */
export const toolLine = ({ name, description, inputSchema }: MetaTool): string =>
  `\n${pythonJson({ type: 'function', function: { name, description, parameters: inputSchema } })}`;

const toolsIntroduction = `

# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>`;

const toolsClosing = `
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>`;

export const userMessage = (prompt: string): string => `<|im_start|>user\n${prompt}<|im_end|>\n`;

/** A past assistant message: reasoning stays, an empty think block goes, as the template says of turns after the user's. */
export function assistantMessage(text: string): string {
  const [first, ...rest] = text.split('</think>');
  if (first === undefined || rest.length === 0) return `${generationPrompt}${text}<|im_end|>\n`;
  const content = (rest.at(-1) ?? '').replace(/^\n+/, '');
  const reasoning = (first.split('<think>').at(-1) ?? '').replace(/^\n+|\n+$/g, '');
  if (reasoning === '') return `${generationPrompt}${content}<|im_end|>\n`;
  return `${generationPrompt}<think>\n${reasoning}\n</think>\n\n${content}<|im_end|>\n`;
}

/**
 * Every observation goes back as a tool response, so that the user's prompt stays the last query and nothing is re-rendered.
 * Those of one turn stand in one message.
 */
export const toolMessage = (...texts: readonly string[]): string =>
  `<|im_start|>user${texts.map((text) => `\n<tool_response>\n${text}\n</tool_response>`).join('')}<|im_end|>\n`;

/** An action as Qwen3 writes a call. */
export const toolCallText = (action: Action): string =>
  `<tool_call>\n{"name": "${action.name}", "arguments": ${pythonJson(action.arguments)}}\n</tool_call>`;

/** JSON with Python's spacing, which the template's `tojson` produces. */
export function pythonJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one: Json) => pythonJson(one)).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, one]: readonly [string, Json]) => `${JSON.stringify(key)}: ${pythonJson(one)}`)
    .join(', ')}}`;
}
