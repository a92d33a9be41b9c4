import { createHash } from 'node:crypto';
import { UsageError } from '../../core/errors.ts';
import type { Tool } from '../../core/types.ts';
import { finish } from './meta-tools.ts';

/** What OpenAI and Anthropic take as the name of a function. */
export const functionName = /^[a-zA-Z0-9_-]{1,64}$/;
const mostCharacters = 64;

/** Names of tools as functions, and in sentences which of them are not simply `server__tool`. */
export interface FunctionNames {
  readonly nameOf: (tool: Tool) => string;
  readonly notes: readonly string[];
}

/**
 * `server__tool`, with `_` for each character that no name may have; where that is too long, or two tools would be called the same,
 * shortened and with eight characters that hang on server and tool alone. Throws `UsageError` where two tools cannot be told apart.
 */
export function functionNames(tools: readonly Tool[]): FunctionNames {
  const plain = tools.map(({ server, name }) => `${server}__${name}`);
  const fitting = plain.map((name) => name.replaceAll(/[^a-zA-Z0-9_-]/g, '_'));
  const uses = Map.groupBy(fitting, (name) => name);
  const names = tools.map((tool, place) => {
    const name = fitting[place] as string;
    return name.length > mostCharacters || (uses.get(name)?.length ?? 0) > 1 ? marked(name, tool) : name;
  });
  const byName = new Map([[finish.name, finish.name]]);
  tools.forEach(({ server, name }, place) => {
    const called = names[place] as string;
    const taken = byName.get(called);
    if (taken !== undefined) throw indistinct(`${server}.${name}`, taken, called);
    byName.set(called, `${server}.${name}`);
  });
  const ofTool = new Map(tools.map((tool, place) => [tool, names[place] as string]));
  const others = tools.flatMap(({ server, name }, place) =>
    names[place] === plain[place] ? [] : [`${server}.${name} is ${names[place]}`],
  );
  return { nameOf: (tool) => ofTool.get(tool) ?? '', notes: others.length === 0 ? [] : [noteOf(others)] };
}

function marked(name: string, { server, name: tool }: Tool): string {
  const mark = createHash('sha256').update(`${server}\n${tool}`).digest('hex').slice(0, 8);
  return `${name.slice(0, mostCharacters - mark.length - 1)}_${mark}`;
}

const mostShown = 5;

function noteOf(others: readonly string[]): string {
  const rest = others.length > mostShown ? `; and ${others.length - mostShown} more` : '';
  return (
    `In the view native ${others.length} ${others.length === 1 ? 'tool is' : 'tools are'} not called SERVER__TOOL, because the name of a function has ` +
    `at most ${mostCharacters} letters, digits, "_" and "-", and no two are equal: ${others.slice(0, mostShown).join('; ')}${rest}.`
  );
}

const indistinct = (one: string, other: string, name: string): UsageError =>
  new UsageError(
    `In the view native the tools ${other} and ${one} would both be the function ${name}. ` +
      'Rename or leave out one of their servers, or choose another view.',
  );
