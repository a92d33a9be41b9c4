import { isJsonObject } from '../../../core/json.ts';
import { didYouMean } from '../../../core/near-names.ts';
import { UsageError } from '../../../core/errors.ts';
import { chosenServersFile } from '../../../envs/client-files/servers-file.ts';
import { serverNames } from '../../../envs/server-list.ts';
import { readSource } from '../../own-tasks/source.ts';
import { SkippedRecord } from './fields.ts';
import { textOf } from './files.ts';
import table from './servers.json' with { type: 'json' };

/** What a benchmark's server is here: the same published server, one that stands in for it, or one of the user's own. */
export interface ServerHere {
  readonly server: string;
  /** Why the two are not the same; absent where they are. */
  readonly standIn?: string;
  /** Their tools → ours. Absent: the same names. */
  readonly tools?: Readonly<Record<string, string>>;
}

/** `packages`: the published ones that it is, by which it is known among the user's own. */
type Entry = (ServerHere | { readonly absent: string }) & { readonly packages?: readonly string[] };

export type Format = keyof typeof table;

type Entries = Readonly<Record<string, Entry>>;

/** Of one format: benchmark's server → the user's own, in the words of `servers.json`. */
export type ServerMap = Readonly<Record<string, ServerHere>>;

let userMap: ServerMap = {};

/**
 * What a user says the benchmark's servers are: `{"Wikipedia": "wiki", "Time MCP": {"server": "clock", "tools": {"get_time": "now"}}}`.
 * It goes before what is known here, and holds for all that is imported until another is given.
 * @throws UsageError naming file and place of what cannot be meant.
 */
export function useServerMap(path: string | undefined): void {
  userMap = path === undefined ? {} : readServerMap(path);
}

function readServerMap(path: string): ServerMap {
  const { value, problems } = readSource(textOf(path), path.endsWith('.json') ? '.json' : '.yaml');
  const [problem] = problems;
  if (problem) throw new UsageError(`${path}:${problem.line}: ${problem.what}`);
  if (!isJsonObject(value))
    throw new UsageError(
      `${path} is no map. Write the benchmark's servers with yours behind them: {"Wikipedia": "wiki"}.`,
    );
  const known = ownAndCatalogue();
  return Object.fromEntries(
    Object.entries(value).map(([theirs, mine]) => {
      const entry = typeof mine === 'string' ? { server: mine } : mine;
      const { server, tools, ...rest } = (isJsonObject(entry) ? entry : {}) as Record<string, unknown>;
      const isSound =
        typeof server === 'string' &&
        Object.keys(rest).length === 0 &&
        (tools === undefined ||
          (isJsonObject(tools) && Object.values(tools).every((tool) => typeof tool === 'string')));
      if (!isSound)
        throw new UsageError(
          `${path}: "${theirs}": write the name of your server, or {"server": NAME, "tools": {"THEIRS": "YOURS"}}.`,
        );
      if (!known.includes(server))
        throw new UsageError(
          `${path}: "${theirs}": there is no server "${server}".${didYouMean(server, known)} Name one of --servers FILE or of \`toolstone servers\`.`,
        );
      return [theirs, { server, ...(tools === undefined ? {} : { tools: tools as Record<string, string> }) }] as const;
    }),
  );
}

const packagesOf = (format: Format, name: string): readonly string[] => {
  const entries = table[format] as Entries;
  return (Object.hasOwn(entries, name) ? entries[name]?.packages : undefined) ?? [];
};

const ownNames = (): readonly string[] =>
  [...(chosenServersFile()?.servers ?? [])].filter(([, { isDisabled }]) => !isDisabled).map(([name]) => name);

const ownAndCatalogue = (): readonly string[] => [...ownNames(), ...serverNames];

/** All servers of the file that the user gave. */
export const ownServersHere = (): readonly ServerHere[] => ownNames().map((server) => ({ server }));

const entriesOf = (format: Format): Entries => ({ ...(table[format] as Entries), ...userMap });

/** Names of the servers that a format is known to use. */
export const knownServers = (format: Format): readonly string[] => [
  ...new Set([...Object.keys(entriesOf(format)), ...ownNames()]),
];

/** Names that differ in capitals, spaces and the like alone are the same. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');

/** Own servers that are programs, with the words of their commands, versions left out. */
const ownCommands = (): readonly (readonly [name: string, words: readonly string[]])[] =>
  [...(chosenServersFile()?.servers ?? [])].flatMap(([name, { block, isDisabled }]) =>
    isDisabled || !('command' in block)
      ? []
      : [
          [
            name,
            [block.command, ...(block.args ?? [])].map((word) => word.replace(/(?<=.)(?:@|==)[^/@]*$/, '')),
          ] as const,
        ],
  );

/**
 * The server here, or why there is none: what the user maps, else an own server of that name, else an own one that is a package
 * of that server, else what the catalogue has.
 */
export function serverHere(format: Format, name: string): ServerHere | { readonly absent: string } {
  if (Object.hasOwn(userMap, name)) return userMap[name] as ServerHere;
  const own = ownNames().find((candidate) => plain(candidate) === plain(name));
  if (own !== undefined) return { server: own };
  const packages = packagesOf(format, name);
  const published = ownCommands().find(([, words]) => words.some((word) => packages.includes(word)));
  if (published) return { server: published[0] };
  const entries = entriesOf(format);
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (!entry) return { absent: 'not known here' };
  if ('absent' in entry)
    return { absent: packages.length === 0 ? entry.absent : `${entry.absent}; published as ${packages.join(', ')}` };
  return serverNames.includes(entry.server) ? entry : { absent: `the catalogue has no server ${entry.server}` };
}

/** The server that keeps files, in whatever name the user has it. */
export function fileServerHere(format: Format): string {
  const here = serverHere(format, 'filesystem');
  return 'absent' in here ? 'filesystem' : here.server;
}

/** What brings in a server that is absent. */
export const howToBring = 'give yours by --servers FILE, and by --map FILE where it has another name';

/** @throws SkippedRecord naming every server of these that is absent, with the reasons. */
export function serversHere(format: Format, names: readonly string[]): readonly ServerHere[] {
  const candidates = names.map((name) => [name, serverHere(format, name)] as const);
  const absent = candidates.flatMap(([name, here]) => ('absent' in here ? [`${name} (${here.absent})`] : []));
  if (absent.length > 0)
    throw new SkippedRecord(`needs servers that are absent here: ${absent.join(', ')}`, howToBring);
  return candidates.flatMap(([, here]) => ('absent' in here ? [] : [here]));
}

/** Notes for servers that only stand in. */
export const standInNotes = (here: readonly ServerHere[]): readonly string[] => [
  ...new Set(here.flatMap(({ server, standIn }) => (standIn ? [`server ${server} stands in: ${standIn}`] : []))),
];

/** What is said of servers that are offered as distractors: ours are kept, the others named. */
export function distractors(format: Format, field: string, names: readonly string[]) {
  const candidates = names.map((name) => [name, serverHere(format, name)] as const);
  const here = candidates.flatMap(([, candidate]) => ('absent' in candidate ? [] : [candidate]));
  const absent = candidates.flatMap(([name, candidate]) => ('absent' in candidate ? [name] : []));
  return {
    here,
    notes: [
      ...standInNotes(here),
      ...(absent.length > 0 ? [`${field}: not offered, absent here: ${absent.join(', ')}`] : []),
    ],
  };
}
