import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { UsageError } from '../../core/errors.ts';
import type { ClientInput } from './inputs.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a client's file says of its servers, each block as it stands there. */
export interface FoundServers {
  readonly blocks: ReadonlyMap<string, Fields>;
  /** What VS Code would ask its user for. */
  readonly inputs: readonly ClientInput[];
}

/** Keys under which clients keep their servers: most of them, VS Code, Zed, OpenAI's kin. */
const LISTS = ['mcpServers', 'servers', 'context_servers', 'mcp_servers'];
/** Keys of settings below which such a list may stand. */
const SETTINGS = ['mcp', 'amp'];

/**
 * Servers of a client's file: JSON in which comments and commas behind the last element may stand.
 * @throws UsageError that names the file, and the line where it is no JSON.
 */
export function findServers(text: string, path: string): FoundServers {
  const errors: ParseError[] = [];
  const plain = text.replace(/^\uFEFF/, '');
  const value: unknown = parse(plain, errors, { allowTrailingComma: true, disallowComments: false });
  const [error] = errors;
  if (error) {
    const line = plain.slice(0, error.offset).split('\n').length;
    throw new UsageError(`${path}:${line}: is no JSON (${words(printParseErrorCode(error.error))}).`);
  }
  const root = fields(value);
  const places = root ? [root, ...SETTINGS.map((key) => fields(root[key])).filter((one) => one !== undefined)] : [];
  for (const place of places)
    for (const key of [...LISTS, ...SETTINGS.flatMap((setting) => LISTS.map((list) => `${setting}.${list}`))]) {
      const list = fields(place[key]);
      if (list === undefined) continue;
      const blocks = Object.entries(list).map(([name, block]) => [name, fields(block)] as const);
      const broken = blocks.find(([, block]) => block === undefined);
      if (broken) throw new UsageError(`${path}: ${key}.${broken[0]} is no object, as a server must be.`);
      return { blocks: new Map(blocks as [string, Fields][]), inputs: inputsOf(place) };
    }
  const cure = `Servers stand below one of the keys ${LISTS.join(', ')}, or below mcp.servers in settings.`;
  throw new UsageError(`${path} names no servers. ${cure}`);
}

const inputsOf = ({ inputs }: Fields): ClientInput[] =>
  (Array.isArray(inputs) ? inputs : []).flatMap((one: unknown) => {
    const { id, description, password, default: fallback } = fields(one) ?? {};
    if (typeof id !== 'string') return [];
    return [
      {
        id,
        isHidden: password === true,
        ...(typeof description === 'string' ? { description } : {}),
        ...(typeof fallback === 'string' ? { fallback } : {}),
      },
    ];
  });

const fields = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

/** `CloseBraceExpected` → `close brace expected`. */
const words = (code: string): string => code.replaceAll(/(?<!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
