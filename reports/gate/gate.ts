import type { Run } from '../../core/record/read-run.ts';
import type { Column, Table } from '../tables/table.ts';
import { judgeArm, judgeModel, type Judgement } from './judgements.ts';
import { otherBytes, voidness } from './faults.ts';
import { trainingsOf } from './measures.ts';
import { armOf, isDeterministic, isTraining, jobsOf, type Reference } from './reference.ts';
import { staleness } from './staleness.ts';
import type { Finding, PlayedJob, Verdict } from './types.ts';

export interface GateResult {
  readonly verdict: Verdict;
  /** One sentence each; for a pass, what was compared. */
  readonly reasons: readonly string[];
  /** Offending rows; empty for a pass. */
  readonly offending: Table;
}

/**
 * Compares runs, whose trainings are pooled, with their reference. Fails where
 * 1. a deterministic baseline gives other bytes;
 * 2. an arm's trainings lost success, or finishes, rubric reward or context beyond what is tolerated, or a model behind an
 *    endpoint lost success; where a loss of success by .10 is not excluded either, the data are not enough (`looks.ts`);
 * 3. the share of void or unscored episodes exceeds its limit;
 * 4. the reference names a baseline or task that no run has, an arm has too few trainings, budgets differ, or servers offered something
 *    else (incomparable).
 */
export default function compare(runs: readonly Run[], reference: Reference): GateResult {
  const now: PlayedJob[] = runs.flatMap((run) => jobsOf(run).map((job) => ({ ...job, run })));
  const findings = [...staleness(runs, now, reference)];
  const passes: string[] = [];
  // A run that lacks what the reference names proves nothing about the rest.
  if (findings.length === 0) {
    for (const job of now)
      findings.push(
        ...voidness(
          job,
          reference.jobs.filter((one) => armOf(one) === armOf(job)),
        ),
      );
    const baselines = reference.jobs.filter(isDeterministic);
    for (const job of baselines)
      for (const after of now.filter(({ name }) => name === job.name)) findings.push(...otherBytes(job, after));
    const same = baselines.reduce((sum, job) => sum + job.episodes.length, 0);
    passes.push(`${same} episodes of ${baselines.length} deterministic baselines have the reference's bytes.`);
    for (const { verdict, reason, rows } of judgements(now, reference)) {
      if (verdict === 'pass') passes.push(reason);
      else findings.push({ verdict, reason, rows });
    }
  }
  const verdict =
    (['incomparable', 'regressed', 'not-enough-data'] as const).find((candidate) =>
      findings.some((finding) => finding.verdict === candidate),
    ) ?? 'pass';
  const decisive = findings.filter((finding) => finding.verdict === verdict);
  return {
    verdict,
    reasons: verdict === 'pass' ? passes : decisive.map(({ reason }) => reason),
    offending: offendingTable(decisive),
  };
}

/** Condition 2: of trainings by arm, of models by task. */
function* judgements(now: readonly PlayedJob[], { jobs }: Reference): Generator<Judgement> {
  const trained = trainingsOf(now.filter(isTraining));
  for (const [arm, before] of trainingsOf(jobs.filter(isTraining))) yield judgeArm(arm, before, trained.get(arm) ?? []);
  for (const before of jobs.filter((job) => !isTraining(job) && !isDeterministic(job)))
    for (const after of now.filter(({ name }) => name === before.name)) yield* judgeModel(before, after);
}

const columns: readonly Column[] = [
  { key: 'job', title: 'Job', kind: 'text' },
  { key: 'what', title: 'What', kind: 'text' },
  { key: 'task', title: 'Task', kind: 'text' },
  { key: 'reference', title: 'Reference', kind: 'text' },
  { key: 'run', title: 'Run', kind: 'text' },
];

const offendingTable = (findings: readonly Finding[]): Table => ({
  name: 'gate',
  title: 'Offending rows',
  about: 'Means are over trainings. Differences have the ends that decide: 95 % of one side below, 98.5 % above.',
  columns,
  rows: findings.flatMap(({ rows }) => rows),
});
