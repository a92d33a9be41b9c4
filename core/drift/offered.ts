import { readToolPrint, type Fingerprint } from '../fingerprint.ts';
import type { RecordedServer } from '../recorded-server.ts';
import type { Manifest } from '../run-types.ts';
import { hashDifference, mapOf, namedDrift, type Drift } from './drift.ts';
import { orderDrift, toolsDrift } from './tools.ts';

type Server = Pick<RecordedServer, 'schemaHash' | 'fingerprint'>;

/** What a manifest says of what was offered. */
export interface Offered extends Pick<Manifest, 'toolspace'> {
  readonly servers: Readonly<Record<string, Server>>;
}

/**
 * How what was offered in a later run differs from an earlier one's: by text where both manifests hold the texts of tools (own tasks),
 * else by fingerprint. A server's version alone is no drift.
 */
export function offeredDrift(before: Offered, now: Offered): Drift[] {
  const textsOf = ({ toolspace }: Offered, server: string) => toolspace?.tools.filter((tool) => tool.server === server);
  return [
    ...namedDrift(mapOf(before.servers), mapOf(now.servers), 'server', function* (name, was, is) {
      yield* instructionsDrift(name, was.fingerprint, is.fingerprint);
      if (was.schemaHash === is.schemaHash) return;
      const [earlier, later] = [textsOf(before, name), textsOf(now, name)];
      const found =
        earlier && later
          ? [...toolsDrift(name, earlier, later)]
          : [...printsDrift(name, was.fingerprint, is.fingerprint)];
      yield* found.length > 0 ? found : wholeDrift(name, was, is);
    }),
  ];
}

function* instructionsDrift(server: string, before?: Fingerprint, now?: Fingerprint): Generator<Drift> {
  // An older manifest does not tell.
  if (!before || !now || before.instructions === now.instructions) return;
  const difference = hashDifference(before.instructions ?? 'none', now.instructions ?? 'none');
  yield { what: `The instructions of server ${server} changed`, difference };
}

function* printsDrift(server: string, before?: Fingerprint, now?: Fingerprint): Generator<Drift> {
  if (!before || !now) return;
  const of = ` of server ${server}`;
  const found = [
    ...namedDrift(mapOf(before.tools), mapOf(now.tools), 'tool', (name, was, is) => printDrift(name, of, was, is), of),
  ];
  yield* found;
  if (found.length === 0) yield* orderDrift(of, Object.keys(before.tools), Object.keys(now.tools));
}

function* printDrift(name: string, of: string, before: string, now: string): Generator<Drift> {
  const [was, is] = [readToolPrint(before), readToolPrint(now)];
  for (const part of ['description', 'schema'] as const)
    if (was[part] !== is[part])
      yield { what: `The ${part} of the tool ${name}${of} changed`, difference: hashDifference(was[part], is[part]) };
}

function* wholeDrift(server: string, before: Server, now: Server): Generator<Drift> {
  yield {
    what: `The tools of server ${server} changed`,
    difference: hashDifference(before.schemaHash.slice(0, 12), now.schemaHash.slice(0, 12)),
  };
}
