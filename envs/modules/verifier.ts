import type { PartShape } from '../../core/own-module.ts';
import type { EndedEpisode } from '../../core/goal-types.ts';

/** What a verifier decides by. */
export interface Evidence extends EndedEpisode {
  /** Where the folder of each of the task's servers lies, to be read alone. */
  readonly folders: Readonly<Record<string, string>>;
  /** Text of each file below a server's folder by its path there. */
  readonly files: (server: string) => Readonly<Record<string, string>>;
}

/** Default export of a module that a task file names by `verifier`: true for a yes, false or a sentence that says why for a no. */
export type Verifier = (evidence: Evidence) => boolean | string | Promise<boolean | string>;

export const verifierShape: PartShape = {
  keys: 'function',
  example: '`export default (evidence) => true`, which gives true for a yes, and false or a sentence for a no',
};
