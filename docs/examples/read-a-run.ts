// Runs two policies on the same tasks, reads both runs, and prints the tables that pool them.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callsOf, eachTrajectory, makeTables, readRun, runPolicy, tableText } from 'toolstone';

const folder = mkdtempSync(join(tmpdir(), 'toolstone-example-'));
const runs = [];
for (const policy of ['no-op', 'oracle']) {
  const run = await runPolicy({ policy, suite: 'micro', limit: 2, out: join(folder, policy) });
  runs.push(await readRun(run));
  await eachTrajectory(run, (trajectory) => {
    console.log(`${policy} on ${trajectory.key.task}: ${callsOf(trajectory).length} calls, ${trajectory.outcome.kind}`);
  });
}
for (const table of await makeTables(...runs)) if (table.name === 'algorithms') console.log(await tableText(table));
