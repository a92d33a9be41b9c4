import { countTokens } from '../../../core/tokens/qwen3.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Tool } from '../../../core/types.ts';
import { callArguments } from '../../../core/models/model-client.ts';
import { nameOrQuoted, neutral } from '../../language/neutral.ts';

/**
 * Tools a line each, in as much detail as fits into `limit` tokens (Qwen3) for all of them alike: names with arguments and
 * description, with the description's first sentence, with arguments alone, or names alone. Where not even those fit, the
 * last ones are left out and counted.
 */
export function toolsText(tools: readonly Tool[], limit: number): string {
  const written = details.map((detail) => tools.map(detail));
  const fitting = written.find((lines) => countTokens(lines.join('\n')) <= limit);
  if (fitting) return fitting.join('\n');
  const names = written.at(-1) ?? [];
  const shown: string[] = [];
  let left = limit - markTokens;
  for (const name of names) {
    left -= countTokens(`${name}\n`);
    if (left < 0) break;
    shown.push(name);
  }
  return [...shown, `[${names.length - shown.length} tools left out]`].join('\n');
}

const markTokens = 12;

const nameOf = ({ server, name }: Tool): string => `${nameOrQuoted(server)}.${nameOrQuoted(name)}`;
const described = (tool: Tool, text: string): string =>
  `${signatureOf(tool)}${text === '' ? '' : ` ${JSON.stringify(neutral(text))}`}`;

const details: readonly ((tool: Tool) => string)[] = [
  (tool) => described(tool, tool.description.trim()),
  (tool) => described(tool, firstSentence(tool.description)),
  signatureOf,
  nameOf,
];

const firstSentence = (text: string): string => /^.*?[.!?](?=\s|$)|^[^\n]*/s.exec(text.trim())?.[0] ?? '';

/** e.g. `filesystem.write_file(path: string, content: string, head?: number)`. */
function signatureOf(tool: Tool): string {
  const { properties, required } = tool.inputSchema;
  const needed = Array.isArray(required) ? required : [];
  const parameters = Object.entries(callArguments(properties) ?? {}).map(
    ([name, schema]) =>
      `${nameOrQuoted(name)}${needed.includes(name) ? '' : '?'}: ${typeOf(callArguments(schema) ?? {})}`,
  );
  return `${nameOf(tool)}(${parameters.join(', ')})`;
}

function typeOf({ type, enum: values }: JsonObject): string {
  if (Array.isArray(values)) return values.map((value) => neutral(JSON.stringify(value))).join(' | ');
  return typeof type === 'string' ? nameOrQuoted(type) : 'any';
}
