import { toTerminal } from '../../core/terminal.ts';
import type { RecordingHeader, Replayed } from '../../core/wire/wire-types.ts';
import { tell } from './printing.ts';

/** What to call that which was replayed. */
export interface ReplayWords {
  /** Behind the number of requests, e.g. ` of 3 episodes`. */
  readonly scope: string;
  /** What came of misses in a strict replay, and in one that goes live, up to the list. */
  readonly strict: string;
  readonly live: string;
  /** A line of the list. */
  readonly line: (replayed: Replayed) => readonly string[];
}

export interface ReplayEnd {
  readonly isStrict: boolean;
  /** The headers of the recording and of what was to be answered. */
  readonly recorded: RecordingHeader;
  readonly now: RecordingHeader;
}

const mostNamed = 5;

/** Says how far a recording answered, and the first that it lacked. Returns the number of requests that a strict replay could not answer. */
export function tellReplayed(
  all: readonly Replayed[],
  { scope, strict, live, line }: ReplayWords,
  { isStrict, recorded, now }: ReplayEnd,
): number {
  const answered = all.reduce((sum, one) => sum + one.answered, 0);
  const misses = all.reduce((sum, { missed }) => sum + missed.length, 0);
  tell(`Wire: the recording answered ${answered} of ${answered + misses} requests${scope}.`);
  if (misses === 0) return 0;
  const lines = all.filter(({ missed }) => missed.length > 0).flatMap(line);
  const more = lines.length > mostNamed ? [`  and ${lines.length - mostNamed} more`] : [];
  const named = [...lines.slice(0, mostNamed).map((one) => `  ${one}`), ...more];
  const text = [isStrict ? strict : live, ...named, ...otherCode(recorded, now)].join('\n');
  // Why a command ends with another exit code is told to those, too, who want to hear nothing else.
  if (isStrict) toTerminal(process.stderr, `${text}\n`);
  else tell(text);
  return isStrict ? misses : 0;
}

/** The likeliest cause of a miss. */
const otherCode = (recorded: RecordingHeader, now: RecordingHeader): string[] =>
  recorded.toolstone.source === now.toolstone.source
    ? []
    : [
        `The recording was made by other code (Toolstone ${recorded.toolstone.version}, Node ${recorded.node}) than this one ` +
          `(Toolstone ${now.toolstone.version}, Node ${now.node}), which may make tasks, prompts or requests otherwise.`,
      ];
