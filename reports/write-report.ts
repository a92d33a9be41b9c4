import { join } from 'node:path';
import type { AttackStamp } from '../core/calibration-types.ts';
import { driftExcerpt, type Drift } from '../core/drift/drift.ts';
import { offeredDrift } from '../core/drift/offered.ts';
import { writeWhole } from '../core/record/files.ts';
import type { PhrasingOf } from '../core/task-id.ts';
import reportPage from './html/page.ts';
import { isFinal, withPhrasings } from './arms/arms.ts';
import { namedArms, type NamedArms } from './arms/named-arms.ts';
import { headlineOf, type Headline } from './headline/headline.ts';
import { voids } from '../core/record/episode-figures.ts';
import { chainNote } from '../core/record/chain.ts';
import { tokensNamed } from '../core/record/counting-notes.ts';
import readRun from '../core/record/read-run.ts';
import summaryOf from './summary.ts';
import { jsonText, type Table } from './tables/table.ts';
import timingsTable, { trainingTimingsTable } from './tables/timings.ts';
import toolDifferencesTable from './tables/tool-differences.ts';
import { isWayComparison } from './tables/comparison.ts';
import { withTokensNamed } from './tables/tokens-named.ts';
import viewComparisonTable, { type MoneyOfPolicy } from './tables/view-comparison.ts';
import trainingsTable, { readTraining } from './tables/trainings.ts';
import writeTables, { tablesOf, writeNotes } from './write-tables.ts';

export interface ReportMaterial {
  /** How often attacks get past judges, each of one build. */
  readonly attacks: readonly AttackStamp[];
  /** Folders of finished finetunings whose costs and rewards stand in tables and page beside the run. */
  readonly finetunings?: readonly string[];
  /** Absent: every task is worded by itself. */
  readonly phrasingOf?: PhrasingOf;
  /** What a policy's episodes cost, for a run that compares views; absent: nobody knows. */
  readonly moneyOf?: MoneyOfPolicy | undefined;
  /** Folder of an earlier run: what is otherwise by tool since then stands beside this one. */
  readonly earlier?: string | undefined;
}

export interface WrittenReport {
  /** The page to open. */
  readonly page: string;
  readonly files: readonly string[];
  readonly tables: readonly Table[];
  readonly headline: Headline | null;
  /** By the names that page and headline give them. */
  readonly arms: NamedArms;
  /** What was tolerated while reading, and what is amiss with the chain of the records, one sentence each. */
  readonly notes: readonly string[];
  /** Of the final evaluations, where they are holes in the tables. */
  readonly voidEpisodes: number;
  /** What servers offered otherwise than in the earlier run, where there is one: the two are incomparable. */
  readonly drift: readonly Drift[];
}

const driftNotes = (drift: readonly Drift[]): string[] =>
  drift.length === 0
    ? []
    : [
        ...driftExcerpt(drift),
        'The servers offered something else than in the earlier run, so that the two are incomparable as a whole: what is otherwise may be ' +
          'the work of this drift.',
      ];

/**
 * Makes `summary.json`, `tables/` and `report.html` of a run folder from its files alone, so that a report can be made
 * again at any time and equal runs give equal bytes (`tables/timings*` apart). Throws `UsageError`.
 */
export default function writeReport(
  folder: string,
  { attacks, finetunings = [], earlier, phrasingOf, moneyOf }: ReportMaterial,
): WrittenReport {
  const run = withPhrasings(readRun(folder), phrasingOf);
  const before = earlier === undefined ? null : readRun(earlier);
  const since = before === null ? [] : [toolDifferencesTable(before, run)];
  const drift = before === null ? [] : offeredDrift(before.manifest, run.manifest);
  const sameNote =
    before === null || since.some(({ rows }) => rows.length > 0)
      ? []
      : [`By tool nothing is otherwise than in ${before.manifest.name}.`];
  const trainings = finetunings.map(readTraining);
  const ofRun = tablesOf([run], attacks);
  const tables = [
    ...(isWayComparison(run) ? [withTokensNamed(viewComparisonTable(run, moneyOf), [run])] : []),
    ...(trainings.length > 0 ? [trainingsTable(trainings)] : []),
    ...ofRun,
    ...since,
  ];
  const written = writeTables(join(folder, 'tables'), [...tables, timingsTable([run]), trainingTimingsTable([run])]);
  written.push(writeNotes(join(folder, 'tables'), run));
  const summary = join(folder, 'summary.json');
  writeWhole(summary, jsonText(summaryOf(run, ofRun)));
  const page = join(folder, 'report.html');
  const headline = headlineOf(run);
  writeWhole(page, reportPage(run, tables, { trainings, headline }));
  return {
    page,
    files: [page, summary, ...written],
    tables,
    headline,
    arms: namedArms(run.manifest.jobs),
    notes: [
      ...run.notes,
      ...sameNote,
      ...driftNotes(drift),
      tokensNamed(run.manifest.tokens),
      ...(run.chain.kind === 'sealed' ? [] : [chainNote(run.chain)]),
    ],
    voidEpisodes: voids(run.episodes.filter(isFinal)),
    drift,
  };
}
