import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { learningFile, systemFile, trajectoryFile } from '../../core/record/run-files.ts';
import { chooseCounting } from '../../core/run/chosen.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { TaskFileSource } from '../../suites/tasks/suite-list.ts';
import { recordJobs } from './run-and-report.ts';
import { fileDifferences } from './verify-tables.ts';

const replayable: ReadonlySet<string> = new Set(['run', 'bench', 'gate']);

/** What an episode, or a training, leaves in the records. */
const played = [trajectoryFile, systemFile, learningFile].map(({ name }) => name);

/**
 * Plays the run again by the recording that was chosen, into a new folder below `beside`, and says how its records differ. Throws
 * `UsageError` where such a run cannot be played again, and `Incomparable` where the recording is of another run.
 */
export async function replayedDifferences(
  folder: string,
  manifest: Manifest,
  tasks: TaskFileSource | undefined,
  beside: string,
): Promise<readonly string[]> {
  const { command, name, suite, jobs, distractors, aliases, givenLimits, tokens } = manifest;
  if (!replayable.has(command))
    throw new UsageError(
      `Only runs of \`run\`, \`bench\` and \`gate\` can be played again, and this is one of \`${command}\`. Leave out --wire.`,
    );
  const flag = distractors ? '--tools' : aliases && '--alias';
  if (flag)
    throw new UsageError(
      `A run with ${flag} cannot be played again. Leave out --wire: its verdicts, tables and page are then derived from its records.`,
    );
  chooseCounting({ ...(givenLimits ? { limits: givenLimits } : {}), tokenizer: tokens?.tokenizer });
  const out = join(beside, 'replay');
  await recordJobs(command, name, jobs, { suite: tasks ?? suite, out, isQuiet: true, preflight: false });
  return fileDifferences(played, folder, out).map((one) => `Played again: ${one}`);
}
