/** A program of a package that `npx` or `uvx` was asked for. */
export interface ResolvedProgram {
  readonly command: string;
  /** Of the package; empty where nobody knows. */
  readonly version: string;
  /** Folder that holds it with all that it needs. */
  readonly root: string;
}

/** What the user said of own servers, for this thread. */
export interface OwnServerChoice {
  /** A client's file of servers, its path without symbolic links. */
  readonly file?: string;
  /** Real folders and servers elsewhere are played with as they are. */
  readonly isReal: boolean;
  /** What `npx` and its kin were asked for already. */
  readonly programs: Readonly<Record<string, ResolvedProgram>>;
}

let chosen: OwnServerChoice = { isReal: false, programs: {} };

export const chooseOwnServers = (choice: OwnServerChoice): void => void (chosen = choice);

/** What holds now, for another thread or process to choose. */
export const ownServerChoice = (): OwnServerChoice => chosen;

export function keepProgram(key: string, program: ResolvedProgram): void {
  chosen = { ...chosen, programs: { ...chosen.programs, [key]: program } };
}
