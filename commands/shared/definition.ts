import type { Command } from '@commander-js/extra-typings';

/** Default export of each file in `commands/`: the command that is called as its file is. */
export interface CommandDefinition {
  /** One line for the list of commands. */
  readonly summary: string;
  /**
   * Adds arguments, flags and the action. Whatever help does not show is loaded by the action, since help loads the files of
   * all commands.
   */
  readonly define: (command: Command) => void | Promise<void>;
}
