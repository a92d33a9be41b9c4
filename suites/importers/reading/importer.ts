import type { Files } from '../../../core/types.ts';
import type { TaskFile } from '../../own-tasks/format.ts';

/** Something that was not imported. `id` is the record's own, or its file and line where it has none. */
export interface Skipped {
  readonly id: string;
  readonly reason: string;
  /** What would bring it in. */
  readonly cure: string;
}

/** What became of a part of a record that has no place of its own in a task. */
export interface Note {
  readonly id: string;
  readonly what: string;
}

export interface Imported {
  readonly file: TaskFile;
  readonly skipped: readonly Skipped[];
  readonly notes: readonly Note[];
  /** Files that lie beside the task file, by path from it (`<importer>.files/…`): fixtures and verifier scripts. */
  readonly beside: Files;
}

/** Reads one public task format. The file `suites/importers/<name>.ts` default-exports one. */
export interface Importer {
  readonly name: string;
  /** One line of our own words: what `read` takes. */
  readonly summary: string;
  /**
   * Reads a file or folder in the public format. Every record is a task or is skipped with a reason; every field of a
   * task's record is used or noted. Deterministic.
   * @throws UsageError with file and cause where the whole input cannot be read.
   */
  readonly read: (input: string) => Imported;
}
