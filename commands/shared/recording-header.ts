import { reachOf } from '../../core/identity/reach.ts';
import type { Manifest } from '../../core/run-types.ts';
import { notedModels } from '../../core/wire/chosen.ts';
import { recordingVersion } from '../../core/wire/header.ts';
import type { RecordingHeader, RecordingKind, WiredServer } from '../../core/wire/wire-types.ts';
import { serverFile } from '../../envs/catalogue.ts';
import { concealIn } from '../../envs/processes/secrets.ts';
import { serverNames } from '../../envs/server-list.ts';
import { describeServer, toolListsOf } from '../../envs/toolspaces.ts';

/** What is recorded, or answered by a recording. */
export interface RecordingSubject {
  readonly kind: RecordingKind;
  /** Name of the suite, or of what stands in its place. */
  readonly suite: string;
  readonly servers: readonly string[];
  /** `Manifest.toolstone` has both. */
  readonly version: string;
  readonly source: string;
  readonly confinement?: Manifest['confinement'];
}

/** What a recording says that it was made with; its models are those that were opened until now. Throws `UsageError` where a server does not start. */
export const recordingHeader = ({
  kind,
  suite,
  servers,
  version,
  source,
  confinement,
}: RecordingSubject): RecordingHeader =>
  concealIn({
    version: recordingVersion,
    kind,
    toolstone: { version, source },
    node: process.versions.node,
    suite,
    servers: Object.fromEntries(servers.map((name) => [name, wiredServer(name)])),
    models: notedModels(),
    ...(confinement ? { confinement } : {}),
    lists: toolListsOf(servers),
  });

/** Packages answer the same until their version changes; what we make of that hangs on a module of ours. */
const wiredServer = (name: string): WiredServer => ({
  ...describeServer(name),
  ...(serverNames.includes(name) ? { code: reachOf([serverFile(name)]).hash } : {}),
});
