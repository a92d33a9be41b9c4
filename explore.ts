import { oracle } from './baselines/policies/oracle.ts';
import { viewNamed } from './envs/view-list.ts';
import { withExecution } from './envs/programs/execution.ts';
import { openWorldPool } from './envs/world-pool.ts';
import { suiteNamed, suiteNames } from './suites/tasks/suite-list.ts';
import { withAliases } from './suites/tasks/with-aliases.ts';
import { live, story } from './test/suites/live-worlds.ts';
import { aliasedToolspace } from './envs/aliases/aliased-toolspace.ts';
const pool = openWorldPool({ lanes: 2 });
const views = (process.argv[2] ?? 'tool').split(',');
for (const name of process.argv[3]?.split(',') ?? suiteNames()) {
  const real = await suiteNamed(name);
  const suite = withAliases(real, { asked: '1', share: 1, seed: 1 });
  for (const split of ['test', 'held-out-server', 'train'] as const) {
    if (!suite.splits.includes(split)) continue;
    const n = split === 'train' ? 6 : suite.families.length;
    const tasks = suite.tasks(split, n); const reals = real.tasks(split, n);
    for (const [i, task] of tasks.entries()) {
      if (task.prompt !== reals[i]!.prompt) console.log('PROMPT', JSON.stringify(reals[i]!.prompt).slice(0, 300), '→', task.prompt.slice(0, 200));
      const names = aliasedToolspace(task.world.servers, task.world.aliases!).translation.names;
      for (const s of names) { if (s.server === s.alias) console.log('server same', s.server); for (const t of s.tools) { if (t.tool === t.alias) console.log('tool same', s.server, t.tool); for (const [p, a] of t.parameters) if (p === a) console.log('parameter same', s.server, t.tool, p); } }
    }
    for (const view of views) for (const execution of ['calls', 'programs'] as const) {
      const t0 = performance.now();
      const out = await live({ pool, openView: withExecution(await viewNamed(view), execution), policy: oracle((id) => tasks.find((t) => t.id === id)!), tasks, limits: { contextTokens: 1e6, resultTokens: 4000 } });
      const bad = out.filter((o) => !o.success?.verified || o.rewards.rubric !== 1);
      console.log(name, split, view, execution, out.length - bad.length, 'of', out.length, Math.round(performance.now() - t0));
      for (const b of bad.slice(0, 2)) console.log(b.task.id, b.rewards, b.verdicts.filter((v) => v.state !== 'scored' || v.score < 1), story(b).slice(0, 3000));
    }
  }
}
await pool.dispose();
