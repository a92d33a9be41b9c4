import type { Tool } from '../../core/types.ts';
import { namings } from './forms.ts';
import { type Naming, namingNames } from './form-names.ts';

/** A tool by its server. */
export interface ToolName {
  readonly server: string;
  readonly tool: string;
}

/** Tools that somebody takes for one another by their names. */
export interface Clash {
  /** `same`: to the letter; `alike`: but for case and punctuation; `joined`: once the server's name stands before it. */
  readonly kind: 'same' | 'alike' | 'joined';
  readonly name: string;
  readonly tools: readonly ToolName[];
}

/** Names that mean several tools; `alike` ones that are the same as well are told once. */
export function clashes(tools: readonly Tool[]): Clash[] {
  return [
    ...groups(tools, 'same', ({ name }) => name),
    ...groups(tools, 'alike', ({ name }) => bare(name)).filter(({ tools: ones }) => !isOneName(ones)),
    ...groups(tools, 'joined', namings.server__tool),
  ];
}

const bare = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

const isOneName = (tools: readonly ToolName[]): boolean => new Set(tools.map(({ tool }) => tool)).size === 1;

/** Tools of several servers that share a key. A name in which all is punctuation has none. */
function groups(tools: readonly Tool[], kind: Clash['kind'], keyOf: (tool: Tool) => string): Clash[] {
  return [...Map.groupBy(tools, keyOf)].flatMap(([name, ones]) => {
    if (name === '' || new Set(ones.map(({ server }) => server)).size === 1) return [];
    return [{ kind, name, tools: ones.map((tool) => ({ server: tool.server, tool: tool.name })) }];
  });
}

interface NameRule {
  readonly who: string;
  readonly pattern: RegExp;
  readonly rule: string;
}

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
  'import in is lambda nonlocal not or pass raise return try while with yield';

/** Each by its own documents, the strictest where they differ; a keyword of Python is no name of a function. */
export const nameRules: readonly NameRule[] = [
  { who: 'OpenAI', pattern: /^[a-zA-Z0-9_-]{1,64}$/, rule: 'letters, digits, _ and -, at most 64' },
  { who: 'Anthropic', pattern: /^[a-zA-Z0-9_-]{1,64}$/, rule: 'letters, digits, _ and -, at most 64' },
  {
    who: 'Gemini',
    pattern: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/,
    rule: 'letters, digits, _, ., : and -, at most 64, the first a letter or _',
  },
  {
    who: 'Python trainers (TRL, verifiers)',
    pattern: new RegExp(`^(?!(?:${KEYWORDS.replaceAll(' ', '|')})$)[a-zA-Z_][a-zA-Z0-9_]*$`),
    rule: 'the name of a Python function',
  },
];

/** A tool's name that somebody refuses. */
export interface RefusedName extends ToolName {
  /** How the name was written. */
  readonly as: Naming;
  readonly name: string;
  readonly by: readonly string[];
}

/** By itself, and as clients write it; what the name by itself is refused for is not told again. */
export function refusedNames(tools: readonly Tool[]): RefusedName[] {
  return tools.flatMap((tool) => {
    const told = new Set<string>();
    return namingNames.flatMap((as): RefusedName[] => {
      const name = namings[as](tool);
      const by = nameRules.filter(({ who, pattern }) => !told.has(who) && !pattern.test(name)).map(({ who }) => who);
      for (const who of by) told.add(who);
      return by.length === 0 ? [] : [{ server: tool.server, tool: tool.name, as, name, by }];
    });
  });
}
