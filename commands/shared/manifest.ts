import { chosenCounter, chosenLimits } from '../../core/run/chosen.ts';
import { toolspaceNotes } from '../../core/record/toolspace-notes.ts';
import { limitsOf } from '../../core/run/limits.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import { allServersOf } from '../../core/suite-servers.ts';
import type { Suite } from '../../core/types.ts';
import { describeServer, serverRemarks } from '../../envs/toolspaces.ts';
import { codeIdentity } from '../../judges/code/build.ts';
import { formulaTexts } from '../../judges/rubric/rubric.ts';
import { rubricsOf } from '../../suites/tasks/samples.ts';
import { confinementOf } from './confinement.ts';
import { tell } from './printing.ts';
import { neededBy, recordedToolspace } from './recorded-toolspace.ts';
import { sourceOf } from './run-identity.ts';
import type { Version } from './version.ts';

/**
 * What a run's folder says of it: all that decides its numbers. `source` is the identity of what makes its episodes, where
 * these are not made by jobs alone; `without` names servers that were left out of the suite.
 */
export const manifestOf = (
  command: string,
  name: string,
  suite: Suite,
  jobs: readonly Job[],
  version: Version,
  source = sourceOf(suite, jobs),
  without: readonly string[] = [],
): Manifest => ({
  version: 1,
  name,
  command,
  suite: suite.name,
  toolstone: { version: version.version, source, commit: version.commit, dirty: version.dirty },
  node: process.versions.node,
  servers: Object.fromEntries(allServersOf(suite).map((one) => [one, describeServer(one)])),
  ...(without.length > 0 ? { withoutServers: without } : {}),
  ...(suite.distractors ? { distractors: suite.distractors } : {}),
  ...(suite.sizes ? { sizes: suite.sizes.all } : {}),
  ...(suite.aliases ? { aliases: suite.aliases.aliasing } : {}),
  confinement: confinementOf(suite),
  limits: limitsOf(suite, chosenLimits()),
  ...(Object.keys(chosenLimits()).length > 0 ? { givenLimits: chosenLimits() } : {}),
  ...tokensChosen(),
  rubricFormula: formulaTexts['weight-proportional'],
  rubrics: rubricsOf(byRealNames(suite)),
  judge: codeIdentity(),
  needs: neededBy(byRealNames(suite), jobs),
  ...(suite.isOwn ? { toolspace: recordedToolspace(byRealNames(suite)) } : {}),
  jobs,
});

/** Tables pool tasks, each of which may have names of its own. */
const byRealNames = (suite: Suite): Suite => suite.aliases?.real ?? suite;

/** Says on standard error, before a run begins, among which tools, which of them are set aside, and what else is amiss with servers. */
export const tellAmiss = (manifest: Manifest): void =>
  [...toolspaceNotes(manifest), ...Object.keys(manifest.servers).flatMap(serverRemarks)].forEach(tell);

function tokensChosen(): Pick<Manifest, 'tokens'> {
  const source = chosenCounter()?.source;
  return source ? { tokens: source } : {};
}
