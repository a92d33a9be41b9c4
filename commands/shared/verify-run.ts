import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { chainNote, checkRecords, type ChainState } from '../../core/record/chain.ts';
import { readManifest } from '../../core/record/read-run.ts';
import { holdsRows } from '../../core/record/row-files.ts';
import { chosenWire } from '../../core/wire/chosen.ts';
import { pricesOf } from './prices.ts';
import { shownPath } from './printing.ts';
import { taskFileOf } from './task-source.ts';
import { replayedDifferences } from './verify-replay.ts';
import { fileDifferences, reportBeside, reportFiles } from './verify-tables.ts';
import { verdictsAnew } from './verify-verdicts.ts';

export interface VerifyOptions {
  /** The task file, where the run was of own tasks. */
  readonly tasks?: string | undefined;
  /** As the report was made with. */
  readonly prices?: string | undefined;
}

/** What was verified and what could not be, with the reason, and what differs, a sentence each. */
export interface Verification {
  readonly verified: readonly string[];
  readonly unverified: readonly string[];
  readonly differences: readonly string[];
}

/**
 * Holds the records of a run to their hashes, derives success and rewards from them, makes tables and page again, and compares all of it with
 * what the folder holds; with a recording chosen it plays the run again, too. The folder is only read. Throws `UsageError`.
 */
export async function verifyRun(given: string, { tasks: file, prices }: VerifyOptions): Promise<Verification> {
  const folder = realpathSync(given);
  if (holdsRows(folder))
    throw new UsageError(
      `${shownPath(given)} holds rows of a run and not its records. Name the folder of the run itself.`,
    );
  const wire = chosenWire();
  if (wire && wire.mode !== 'strict')
    throw new UsageError(`A run is verified by a recording alone: give --wire strict:${shownPath(wire.folder)}.`);
  const manifest = readManifest(folder);
  const tasks = taskFileOf({ tasks: file });
  const chain = checkRecords(folder);
  const verdicts = await verdictsAnew(folder, manifest, tasks);
  const beside = mkdtempSync(join(tmpdir(), 'toolstone-verify-'));
  try {
    await reportBeside(folder, beside, pricesOf(prices));
    const kept = reportFiles(folder);
    const names = kept.length === 0 ? [] : [...new Set([...kept, ...reportFiles(beside)])];
    const files = fileDifferences(names, folder, beside);
    const replayed = wire ? await replayedDifferences(folder, manifest, tasks, beside) : [];
    return {
      verified: [
        ...(chain.kind === 'sealed' ? [chainNote(chain)] : []),
        ...(verdicts.episodes > 0
          ? [`success, verdicts and rewards of ${verdicts.episodes} episodes were derived again.`]
          : []),
        ...(kept.length === 0
          ? []
          : [
              `${names.length - files.length} of ${names.length} files of the report were made again from the records, with equal bytes.`,
            ]),
        ...(wire && replayed.length === 0 ? ['the run was played again by the recording, with equal records.'] : []),
      ],
      unverified: [
        ...unsealed(chain),
        ...verdicts.unverified,
        ...(kept.length === 0 ? [unreported] : []),
        ...(wire ? [] : [unplayed]),
      ],
      differences: [...verdicts.differences, ...files, ...replayed],
    };
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

const unsealed = (chain: ChainState): string[] => (chain.kind === 'sealed' ? [] : [chainNote(chain)]);

const unreported = 'Tables and page: the folder has none. `toolstone report` makes them.';

const unplayed =
  'That servers and models answered as the records say: only a recording tells (--wire strict:FOLDER). Clock times: nothing tells.';
