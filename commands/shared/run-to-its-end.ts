import { resolve } from 'node:path';
import { writeWhole } from '../../core/record/files.ts';
import type { Job } from '../../core/run-types.ts';
import type { Split, Suite } from '../../core/types.ts';
import knownAttacks from '../../judges/calibration/known-attacks.ts';
import { junitXml } from '../../reports/end/junit.ts';
import { closingNotes, closingTable, failingLines } from '../../reports/end/text.ts';
import type { EndRow, RunEnd } from '../../reports/end/types.ts';
import { headlineText, type Headline } from '../../reports/headline/headline.ts';
import { jsonText } from '../../reports/tables/table.ts';
import writeReport from '../../reports/write-report.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { exitCodes } from './exit-codes.ts';
import { phrasingsOf } from './phrasings.ts';
import { pricesFor, pricesOf } from './prices.ts';
import { hush, print, printStyled, shownPath, tell, terminalWidth } from './printing.ts';
import { recordJobs, type RunOptions } from './run-and-report.ts';
import { readRunEnd } from './run-end.ts';

/** How the end of a run is told, and what it must have reached. */
export interface EndOptions extends RunOptions {
  readonly failOn?: 'task' | undefined;
  readonly minSuccess?: number | undefined;
  readonly prices?: string | undefined;
  readonly junit?: string | undefined;
  readonly json?: true | undefined;
  readonly quiet?: true | undefined;
}

/**
 * Runs jobs without a training, reports on them, and says which tasks failed and why, and what it came to. The exit code is
 * that of the run: it ran, it missed what was asked of it, every episode is void, or a policy among others was given up. Throws `UsageError`, `Interrupted`.
 */
export async function runToItsEnd(name: string, jobs: readonly Job[], options: EndOptions): Promise<void> {
  const { quiet = false, json = false, junit } = options;
  hush(quiet);
  try {
    // A file that is none is told before the run.
    const prices = pricesOf(options.prices);
    const stopped = new Map<string, string>();
    let isWhole = true;
    let isAnswered = true;
    const folder = await recordJobs('run', name, jobs, {
      ...options,
      ceilings: {
        ...options.ceilings,
        prices: pricesFor(
          jobs.map(({ policy }) => policy),
          prices,
          options.ceilings?.totalMoney,
        ),
      },
      isQuiet: quiet,
      moneyOf: (job, trajectory) => {
        const money = prices.of(job.policy, () => [trajectory]);
        return money.kind === 'known' ? money : null;
      },
      onMissed: () => (isAnswered = false),
      onStopped: (job, why) => stopped.set(job, `a ceiling was reached, ${why}`),
      onUnusable: (job, why) => {
        isWhole = false;
        stopped.set(job, `the policy stopped; fix the cause and re-run the same command to play the rest. ${why}`);
      },
    });
    const { page, notes, headline } = writeReport(folder, {
      attacks: knownAttacks(),
      phrasingOf: await phrasingsOf(folder),
      moneyOf: prices.of,
    });
    notes.forEach(tell);
    const suite = await suiteNamed(options.suite);
    const end = readRunEnd({ folder, page, suite, prices, stopped });
    if (junit !== undefined) writeWhole(resolve(junit), junitXml(end, planOf(end, suite)));
    if (json) print(jsonText(end).trimEnd());
    else printEnd(end, headline, quiet);
    if (!json) print(`Report: ${shownPath(page)}`);
    if (!isWhole) process.exitCode = exitCodes.wrongUse;
    else process.exitCode = isAnswered ? exitCodeOf(end, options) : exitCodes.incomparable;
  } finally {
    hush(false);
  }
}

function printEnd(end: RunEnd, headline: Headline | null, isQuiet: boolean): void {
  const failing = failingLines(end, terminalWidth());
  for (const line of failing) printStyled(line, line.startsWith('  ✗') ? 'red' : 'bold');
  if (failing.length > 0) print('');
  print(closingTable(end, terminalWidth()));
  if (!isQuiet) print(closingNotes(end).join('\n'));
  if (headline) print(`\n${headlineText(headline, terminalWidth())}\n`);
}

/** The tasks of each row of the end, in the order of the plan. */
function planOf({ rows }: RunEnd, suite: Suite): (row: EndRow) => readonly string[] {
  const all = new Map(rows.map((row) => [row, suite.tasks(row.split as Split, row.tasks).map(({ id }) => id)]));
  return (row) => all.get(row) ?? [];
}

function exitCodeOf({ rows, failing }: RunEnd, { failOn, minSuccess = 0 }: EndOptions): number {
  if (rows.every(({ success, forJudge }) => success === null && forJudge === 0)) return exitCodes.notEnoughData;
  const isMissed = rows.some(({ success }) => (success?.value ?? 0) < minSuccess);
  return isMissed || (failOn === 'task' && failing.length > 0) ? exitCodes.regressed : exitCodes.well;
}
