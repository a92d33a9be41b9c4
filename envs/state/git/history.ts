import type { Files } from '../../../core/types.ts';

/** A git repository as a task states it. */
export interface History {
  /** Oldest first, each on top of the one before; `files` are those that it adds or changes. */
  readonly commits: readonly { readonly subject: string; readonly files: Files }[];
  /** Branch or tag name → index of its commit. */
  readonly branches: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, number>>;
  /** The branch that is checked out. */
  readonly head: string;
  /** Files of the working tree that differ from the head's, not staged. */
  readonly changes: Files;
}
