import type { Names, ToolNames } from '../alias-types.ts';
import { patternText } from '../pattern-text.ts';

/**
 * Makes texts that name tools and servers say their aliases: `SERVER.TOOL` and `SERVER__TOOL`, and by itself each name that only a name can
 * be, as `read_file` and `memory-bank` are and `search` and `memory` are not. A tool's name that several servers have, and that is not said
 * with one of them, is that of the `server` whose text it is; where the text is of none it stays.
 */
export function namesInText(names: Names): (text: string, server?: string) => string {
  const said = new Map<string, string>();
  for (const one of names) {
    if (isPlainlyName(one.server)) said.set(one.server, one.alias);
    for (const { tool, alias } of one.tools)
      for (const joint of ['.', '__']) said.set(`${one.server}${joint}${tool}`, `${one.alias}${joint}${alias}`);
  }
  const saidOf = new Map(names.map(({ server }) => [server, new Map<string, string>()]));
  const all = names.flatMap(({ server, tools }) => tools.map(({ tool, alias }) => ({ server, tool, alias })));
  for (const [name, same] of Map.groupBy(all, ({ tool }) => tool)) {
    if (!isPlainlyName(name)) continue;
    for (const { server, alias } of same) (same.length === 1 ? said : saidOf.get(server))?.set(name, alias);
  }
  const pattern = patternOf([said, ...saidOf.values()]);
  return (text, server) => {
    const saidHere = server === undefined ? undefined : saidOf.get(server);
    return replaced(text, pattern, (name) => saidHere?.get(name) ?? said.get(name));
  };
}

/** The same for the texts of one tool, which name its parameters beside what `inText` replaces. */
export function withParameters(inText: (text: string) => string, { parameters }: ToolNames): (text: string) => string {
  const said = new Map(parameters.filter(([name]) => isPlainlyName(name)));
  // What is quoted is a name, whatever word it is.
  for (const [name, alias] of parameters)
    for (const quote of ['`', "'", '"']) said.set(`${quote}${name}${quote}`, `${quote}${alias}${quote}`);
  const pattern = patternOf([said]);
  return (text) => replaced(inText(text), pattern, (name) => said.get(name));
}

/** Words of prose have neither of these. */
const isPlainlyName = (name: string): boolean => /[_-]|[a-z][A-Z]/.test(name);

/** What nearly all names are made of, also behind the name of their server. */
const USUAL = String.raw`[\w-]+(?:\.\w[\w-]*)*`;
const QUOTED = `(?<quote>["'\`])(?<inside>${USUAL})\\k<quote>`;
const usualName = new RegExp(`^(?:${QUOTED}|${USUAL})$`);

/** Whole names, none of which is a part of a path, a longer name or an address. */
const patternFor = (others: readonly string[]): RegExp =>
  new RegExp(`(?<![\\w/.-])(?:${[...others, QUOTED, USUAL].join('|')})(?![\\w/-]|\\.\\w)`, 'g');
const usualNames = patternFor([]);

/** Finds what may be one of these names: all that is written as names usually are, and those that are written otherwise. */
function patternOf(said: readonly ReadonlyMap<string, string>[]): RegExp {
  const changed = said.flatMap((one) => [...one].flatMap(([name, alias]) => (name === alias ? [] : [name])));
  const others = [...new Set(changed)].filter((name) => !usualName.test(name));
  if (others.length === 0) return usualNames;
  return patternFor(others.sort((a, b) => b.length - a.length).map(patternText));
}

function replaced(text: string, pattern: RegExp, saidFor: (name: string) => string | undefined): string {
  return text.replaceAll(pattern, (name, quote: string | undefined, inside: string) => {
    const said = saidFor(name);
    if (said !== undefined || quote === undefined) return said ?? name;
    return `${quote}${saidFor(inside) ?? inside}${quote}`;
  });
}
