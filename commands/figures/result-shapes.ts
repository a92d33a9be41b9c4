// node commands/figures/result-shapes.ts: calls the tools of the catalogue's servers that are installed, on tasks of every suite, and
// keeps what their results look like in envs/result-shapes/shapes.json; servers that are not installed keep what they have there.
import { writeWhole } from '../../core/record/files.ts';
import type { Task } from '../../core/types.ts';
import { catalogueHere } from '../../envs/offering.ts';
import { keptShapes, shapesFile, shapesOf, shapesText } from '../../envs/result-shapes/result-shapes.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { samples } from '../../suites/tasks/samples.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import { print } from '../shared/printing.ts';
import { seenResults } from '../shared/seen-results.ts';

const here = new Set(catalogueHere());
const tasks = new Map<string, Task>();
for (const name of suiteNames())
  for (const task of samples(await suiteNamed(name))) if (!tasks.has(task.family)) tasks.set(task.family, task);
const pool = openWorldPool({ lanes: 1 });
try {
  const seen = await seenResults(
    [...tasks.values()].filter(({ world }) => world.servers.every((server) => here.has(server))),
    pool,
  );
  const shapes = shapesOf(seen);
  writeWhole(shapesFile, shapesText({ ...keptShapes, ...shapes }));
  for (const [server, { tools }] of Object.entries(shapes))
    print(`${server}: results of ${Object.keys(tools).length} tools`);
} finally {
  await pool.dispose();
}
