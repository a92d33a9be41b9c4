import type { Job, Manifest } from '../../core/run-types.ts';
import { allServersOf } from '../../core/suite-servers.ts';
import { chosenCounter } from '../../core/run/chosen.ts';
import type { Suite } from '../../core/types.ts';
import { describeServer } from '../../envs/toolspaces.ts';
import { sourceParts, type SourceParts } from './run-identity.ts';
import { packageVersion } from './version.ts';

/** What decides the episodes of a run and has to be the same on every machine that plays some of them. */
export interface Making extends SourceParts {
  /** Of Toolstone, and of Node. */
  readonly version: string;
  readonly node: string;
  /** Name of the suite; that of own tasks holds the hash of their files. */
  readonly suite: string;
  readonly servers: Manifest['servers'];
  /** SHA-256 (hex) of the tokenizer that the user chose. */
  readonly tokenizer?: string;
}

/** What decides the episodes of these jobs on this machine. Throws `UsageError` where it lacks something that they need. */
export function makingOf(suite: Suite, jobs: readonly Job[]): Making {
  const source = chosenCounter()?.source;
  return {
    ...sourceParts(suite, jobs),
    version: packageVersion(),
    node: process.versions.node,
    suite: suite.name,
    servers: Object.fromEntries(allServersOf(suite).map((name) => [name, describeServer(name)])),
    ...(source ? { tokenizer: source.hash } : {}),
  };
}

/** What of a machine is not as the run needs it: a sentence each, with the cure. */
export function differencesOf(run: Making, here: Making): string[] {
  const files = Object.entries(run.files).flatMap(([name, hashes]) => {
    const ours = here.files[name] ?? [];
    if (JSON.stringify(hashes) === JSON.stringify(ours)) return [];
    return ours.length === 0
      ? [`A file that "${name}" names is not on this machine: put it at the same path.`]
      : [`A file that "${name}" names holds something else on this machine: copy the one of the run.`];
  });
  const servers = Object.entries(run.servers).flatMap(([name, theirs]) => {
    const ours = here.servers[name];
    if (JSON.stringify(ours) === JSON.stringify(theirs)) return [];
    const what =
      ours && ours.package !== theirs.package
        ? `is ${ours.package} on this machine, and ${theirs.package} in the run: install that one`
        : 'offers other tools on this machine than in the run: look for another version, or other settings, of what it starts';
    return [`The server ${name} ${what}.`];
  });
  // What follows from a difference that is named already says nothing more.
  const isSameVersion = run.version === here.version;
  const code = isSameVersion
    ? 'The code that plays episodes differs on this machine: check out the same commit, with the same packages (npm ci) and the same modules of your own.'
    : `Toolstone is ${here.version} on this machine, and ${run.version} in the run: install the same version.`;
  return [
    ...(run.node === here.node
      ? []
      : [`Node is ${here.node} on this machine, and ${run.node} in the run: install the same version.`]),
    ...(run.modules === here.modules && isSameVersion ? [] : [code]),
    ...files,
    ...servers,
    ...(run.suite === here.suite
      ? []
      : [
          `The tasks are ${here.suite} on this machine, and ${run.suite} in the run: copy the task file with all files that it names.`,
        ]),
    ...(run.tokenizer === here.tokenizer ? [] : ['The tokenizer is another on this machine: copy the one of the run.']),
  ];
}
