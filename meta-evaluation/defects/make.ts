import { resolve } from 'node:path';
import type { DefectFlags } from '../../commands/shared/judge-commands.ts';
import { attended } from '../../core/run/run-jobs.ts';
import type { Job } from '../../core/run-types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { suiteNamed } from '../../suites/tasks/suites.ts';
import { plantedSource } from '../../commands/shared/identity.ts';
import { manifestOf } from '../../commands/shared/manifest.ts';
import type { Version } from '../../commands/shared/version.ts';

/** `toolstone defects`: gives the run's folder, and what was planted in words. Throws `UsageError`, `Interrupted`. */
export async function makeDefects(flags: DefectFlags, base: string, version: Version) {
  const { limit: tasks, perTask, concurrency: lanes, out, fresh, split, seed, attacks = false } = flags;
  const suite = await suiteNamed(flags.suite);
  const name = `${attacks ? 'attacks' : 'defects'}-${suite.name}-${split}`;
  const pool = openWorldPool({ lanes });
  const given = {
    suite,
    split,
    tasks,
    perTask,
    seed,
    pool,
    lanes,
    base,
    out: out === undefined ? undefined : resolve(out),
    isFresh: fresh === true,
    manifestOf: (jobs: readonly Job[]) =>
      manifestOf('defects', name, suite, jobs, version, plantedSource(suite, attacks)),
  };
  try {
    if (attacks) {
      const { writeAttackedRun } = await import('../attacks/attacked-run.ts');
      const { folder, counts } = await attended((signal) => writeAttackedRun({ ...given, signal }));
      const lines = Object.entries(counts).map(([kind, { attacked, unfit, mended }]) =>
        line(kind, `${attacked} attacked, ${unfit} unfit, ${mended} mended`),
      );
      return { folder, said: lines.join('\n') };
    }
    const { writePlantedRun } = await import('./planted-run.ts');
    const { folder, counts } = await attended((signal, onProgress) =>
      writePlantedRun({ ...given, signal, onProgress: (done, total) => onProgress(done, total, 'episodes') }),
    );
    const lines = Object.entries(counts).map(([kind, { planted, dropped, labels, broken }]) =>
      line(kind, `${planted} planted, ${dropped} dropped, ${labels} labels, ${broken} of them broken`),
    );
    return { folder, said: lines.join('\n') };
  } finally {
    await pool.dispose();
  }
}

const line = (kind: string, counts: string) => `${kind.padEnd(24)} ${counts}`;
