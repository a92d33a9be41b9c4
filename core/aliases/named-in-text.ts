import type { Names, ToolNames } from '../alias-types.ts';
import { patternText } from '../pattern-text.ts';

/**
 * Makes texts that name tools and servers say their aliases: `SERVER.TOOL` and `SERVER__TOOL`, and by itself each name that only a name can
 * be, as `read_file` and `memory-bank` are and `search` and `memory` are not. A tool's name that several servers have, and that is not said
 * with one of them, is that of `server`; without one it stays.
 */
export function namesInText(names: Names, server?: string): (text: string) => string {
  const said = new Map<string, string>();
  for (const one of names) {
    if (isPlainlyName(one.server)) said.set(one.server, one.alias);
    for (const { tool, alias } of one.tools)
      for (const joint of ['.', '__']) said.set(`${one.server}${joint}${tool}`, `${one.alias}${joint}${alias}`);
  }
  const byTool = Map.groupBy(
    names.flatMap((one) => one.tools.map((tool) => ({ ofServer: one.server, tool }))),
    ({ tool }) => tool.tool,
  );
  for (const [name, all] of byTool) {
    const meant = all.find(({ ofServer }) => ofServer === server) ?? (all.length === 1 ? all[0] : undefined);
    if (meant && isPlainlyName(name)) said.set(name, meant.tool.alias);
  }
  return replacing(said);
}

/** The same for the texts of one tool, which name its parameters beside what `inText` replaces. */
export function withParameters(inText: (text: string) => string, { parameters }: ToolNames): (text: string) => string {
  const said = new Map(parameters.filter(([name]) => isPlainlyName(name)));
  // What is quoted is a name, whatever word it is.
  for (const [name, alias] of parameters)
    for (const quote of ['`', "'", '"']) said.set(`${quote}${name}${quote}`, `${quote}${alias}${quote}`);
  const ofParameters = replacing(said);
  return (text) => ofParameters(inText(text));
}

/** Words of prose have neither of these. */
const isPlainlyName = (name: string): boolean => /[_-]|[a-z][A-Z]/.test(name);

/** Whole names, none of which is a part of a path, a longer name or an address. */
function replacing(said: ReadonlyMap<string, string>): (text: string) => string {
  const changed = [...said].filter(([name, alias]) => name !== alias);
  if (changed.length === 0) return (text) => text;
  const other = new Map(changed);
  const names = [...other.keys()].sort((a, b) => b.length - a.length).map(patternText);
  const pattern = new RegExp(`(?<![\\w/.-])(?:${names.join('|')})(?![\\w/-]|\\.\\w)`, 'g');
  return (text) => text.replaceAll(pattern, (name) => other.get(name) as string);
}
