import type { AliasDraw } from '../../core/alias-types.ts';
import { toolspaceOf } from '../toolspaces.ts';

/** What nobody may meet in other places than its own: names and descriptions of servers that are held out, and of their tools. */
export interface HeldOut {
  /** Capitals, hyphens and underscores tell no names apart. */
  readonly isName: (text: string) => boolean;
  readonly isDescription: (text: string) => boolean;
}

const made = new Map<string, HeldOut>();

/** Throws `UsageError` where one of the servers cannot be asked for its tools. */
export function heldOutOf({ heldOutServers }: Pick<AliasDraw, 'heldOutServers'>): HeldOut {
  const key = heldOutServers.join('\n');
  const known = made.get(key);
  if (known) return known;
  const { servers, tools } = toolspaceOf(heldOutServers);
  const names = new Set([...servers, ...tools].map(({ name }) => folded(name)));
  const descriptions = new Set([
    ...servers.map(({ summary }) => summary.trim()),
    ...tools.map(({ description }) => description.trim()),
  ]);
  descriptions.delete('');
  const heldOut = {
    isName: (text: string) => names.has(folded(text)),
    isDescription: (text: string) => descriptions.has(text.trim()),
  };
  made.set(key, heldOut);
  return heldOut;
}

/** Entries of a vocabulary, or texts of a user, that are a name or a description of what is held out. */
export const heldOutAmong = (texts: readonly string[], { isName, isDescription }: HeldOut): readonly string[] =>
  texts.filter((text) => isName(text) || isDescription(text));

/** A name as it is compared with others. */
export const folded = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
