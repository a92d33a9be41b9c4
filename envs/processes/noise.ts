import { toTerminal } from '../../core/terminal.ts';
import { conceal } from './secrets.ts';
import type { ToolList } from './tool-list.ts';

/** Characters of what a server printed that are told. */
const MOST_SHOWN = 200;

/** Servers of which this thread has told that they print during calls. */
const told = new Set<string>();

/**
 * Keeps what a user's own server prints on the output that belongs to its messages: what comes before its tools are listed
 * stands among the remarks of the list, what comes later is told on standard error once.
 */
export function noiseKeeper({ server, isOwn }: { readonly server: string; readonly isOwn: boolean }) {
  let first: string | undefined;
  let isListed = false;
  return {
    hear: (text: string): void => {
      if (!isOwn || first !== undefined) return;
      first = `it prints on standard output what is no message: “${conceal(text).slice(0, MOST_SHOWN)}”`;
      if (!isListed || told.has(server)) return;
      told.add(server);
      toTerminal(process.stderr, `Server ${server}: ${first}. That is skipped.\n`);
    },
    /** The list with what was heard up to now. */
    remarked: (list: ToolList): ToolList => {
      isListed = true;
      return first === undefined ? list : { ...list, remarks: [...(list.remarks ?? []), `${first}, which is skipped`] };
    },
  };
}
