import { serverNames } from '../../../envs/server-list.ts';
import table from './servers.json' with { type: 'json' };
import { SkippedRecord } from './fields.ts';

/** What a benchmark's server is here: the same published server, or one that stands in for it. */
export interface ServerHere {
  readonly server: string;
  /** Why the two are not the same; absent where they are. */
  readonly standIn?: string;
  /** Their tools → ours. Absent: the same names. */
  readonly tools?: Readonly<Record<string, string>>;
}

type Entry = ServerHere | { readonly absent: string };

export type Format = keyof typeof table;

const entriesOf = (format: Format) => table[format] as Readonly<Record<string, Entry>>;

/** Names of the servers that a format is known to use. */
export const knownServers = (format: Format): readonly string[] => Object.keys(entriesOf(format));

/** The server here, or why there is none. */
export function serverHere(format: Format, name: string): ServerHere | { readonly absent: string } {
  const entries = entriesOf(format);
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (!entry) return { absent: 'not known here' };
  if ('absent' in entry) return entry;
  return serverNames.includes(entry.server) ? entry : { absent: `the catalogue has no server ${entry.server}` };
}

/** @throws SkippedRecord naming every server of these that is absent, with the reasons. */
export function serversHere(format: Format, names: readonly string[]): readonly ServerHere[] {
  const candidates = names.map((name) => [name, serverHere(format, name)] as const);
  const absent = candidates.flatMap(([name, here]) => ('absent' in here ? [`${name} (${here.absent})`] : []));
  if (absent.length > 0) throw new SkippedRecord(`needs servers that are absent here: ${absent.join(', ')}`);
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
