import { defaultLimits } from '../../core/run/limits.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { describeServer } from '../../envs/toolspaces.ts';
import { codeIdentity } from '../../judges/code/identity.ts';
import { formulaTexts } from '../../judges/rubric/rubric.ts';
import { rubricsOf } from '../../suites/tasks/describe.ts';

/** What a run's folder says of it: all that decides its numbers. `toolstone` is the code that makes it. */
export const manifestOf = (
  command: string,
  name: string,
  suite: Suite,
  jobs: readonly Job[],
  toolstone: Manifest['toolstone'],
): Manifest => ({
  version: 1,
  name,
  command,
  suite: suite.name,
  toolstone,
  node: process.versions.node,
  servers: Object.fromEntries([...suite.servers, ...suite.heldOutServers].map((one) => [one, describeServer(one)])),
  limits: defaultLimits,
  rubricFormula: formulaTexts['weight-proportional'],
  rubrics: rubricsOf(suite),
  judge: codeIdentity(),
  jobs,
});
