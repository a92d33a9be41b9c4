import { evaluationPhase } from '../core/phase.ts';
import { voids } from '../core/record/episode-figures.ts';
import type { Run } from '../core/record/read-run.ts';
import type { Table } from './tables/table.ts';
import { schemaTokensByServer } from './tables/views.ts';

/** Everything a program may want to read of a run: what was run, every table with intervals, no clock time. */
export default function summaryOf(run: Run, tables: readonly Table[]): object {
  const { manifest, episodes, notes } = run;
  const byJob = Object.groupBy(episodes, ({ job }) => job);
  return {
    version: 1,
    name: manifest.name,
    suite: manifest.suite,
    command: manifest.command,
    toolstone: manifest.toolstone,
    node: manifest.node,
    servers: manifest.servers,
    limits: manifest.limits,
    rubricFormula: manifest.rubricFormula,
    ...(manifest.rejudged ? { rejudged: manifest.rejudged } : {}),
    notes,
    recordedEpisodes: episodes.length,
    voidEpisodes: voids(episodes),
    jobs: manifest.jobs.map((job) => ({
      ...job,
      recordedEpisodes: byJob[job.name]?.length ?? 0,
      isComplete: job.evaluations.every(
        (evaluation) =>
          (byJob[job.name] ?? []).filter(({ phase }) => phase === evaluationPhase(evaluation)).length ===
          evaluation.tasks * (evaluation.repeats ?? 1),
      ),
    })),
    tables: Object.fromEntries(tables.map(({ name, rows }) => [name, rows])),
    schemaTokensByServer: schemaTokensByServer([run]),
  };
}
