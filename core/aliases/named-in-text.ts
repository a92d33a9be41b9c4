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
  const unusual = unusualIn(said);
  const everywhere = patternOf(unusual);
  const patterns = new Map([...saidOf].map(([server, here]) => [server, patternOf([...unusual, ...unusualIn(here)])]));
  return (text, server = '') => {
    const here = saidOf.get(server);
    return replaced(text, patterns.get(server) ?? everywhere, (name) => here?.get(name) ?? said.get(name));
  };
}

/** The same for the texts of one tool, which name its parameters beside what `inText` replaces. */
export function withParameters(inText: (text: string) => string, { parameters }: ToolNames): (text: string) => string {
  const said = new Map(parameters);
  const pattern = patternOf(unusualIn(said), (name) => (isPlainlyName(name) ? patternText(name) : quotedPattern(name)));
  // What is quoted is a name, whatever word it is.
  return (text) =>
    replaced(inText(text), pattern, (name, isQuoted) => (isQuoted || isPlainlyName(name) ? said.get(name) : undefined));
}

/** Words of prose have neither of these. */
const isPlainlyName = (name: string): boolean => /[_-]|[a-z][A-Z]/.test(name);

const QUOTE = '["\'`]';
const isQuote = new RegExp(QUOTE);
const quotedPattern = (name: string): string => `(?<=${QUOTE})${patternText(name)}(?=${QUOTE})`;

/** What nearly all names are made of, also behind the name of their server. */
const USUAL = String.raw`[\w-]+(?:\.\w[\w-]*)*`;
const usualName = new RegExp(`^${USUAL}$`);

/** Names that have to be looked for by themselves: those that change and are written otherwise. */
const unusualIn = (said: ReadonlyMap<string, string>): readonly string[] =>
  [...said].flatMap(([name, alias]) => (name === alias || usualName.test(name) ? [] : [name]));

/** Whole names, none of which is a part of a path, a longer name or an address. */
const patternFor = (searches: readonly string[]): RegExp =>
  new RegExp(`(?<![\\w/.-])(?:${[...searches, USUAL].join('|')})(?![\\w/-]|\\.\\w)`, 'g');
const usualNames = patternFor([]);

/** Finds what may be a name: all that is written as names usually are, and the unusual ones, the longest first. */
const patternOf = (unusual: readonly string[], searchFor: (name: string) => string = patternText): RegExp =>
  unusual.length === 0 ? usualNames : patternFor(unusual.toSorted((a, b) => b.length - a.length).map(searchFor));

function replaced(
  text: string,
  pattern: RegExp,
  saidFor: (name: string, isQuoted: boolean) => string | undefined,
): string {
  return text.replaceAll(pattern, (name, place: number) => {
    const before = text.charAt(place - 1);
    const isQuoted = isQuote.test(before) && text.charAt(place + name.length) === before;
    return saidFor(name, isQuoted) ?? name;
  });
}
