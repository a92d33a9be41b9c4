import type { State } from './state.ts';
import type { Step } from './step.ts';

/** Steps on the archive, which can be searched and not changed. A path is a file or folder in it, or `.` for all. */
const onArchive = (tool: string, args: Step['arguments']): Step => ({
  server: 'ripgrep',
  tool,
  arguments: args,
  change: (state: State) => state,
});

/** Lines that match, each with its file and number. `pattern` is a regular expression. */
export const searchArchive = (pattern: string, path: string): Step => onArchive('search', { pattern, path });

/** Number of lines that match, by file. */
export const countInArchive = (pattern: string, path: string): Step => onArchive('count-matches', { pattern, path });
