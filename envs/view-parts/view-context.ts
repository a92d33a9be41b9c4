import type { ServerCard, Tool, World } from '../../core/types.ts';
import type { ShownAmong, ToolForm } from './tool-form.ts';
import type { ToolIndex } from './tool-index.ts';

/** What a view is opened with, and what its own meta-tools work on. */
export interface ViewContext extends ShownAmong {
  readonly world: World;
  /** How tools are shown. */
  readonly form: ToolForm;
  /** Another one once a server has changed its tools in this episode. */
  index: ToolIndex;
  /** The suite has names of tools shown from the start, by views that show names at all. */
  readonly toolNamesUpFront: boolean;
  /** Ends the episode. */
  readonly signal: AbortSignal;
  /** Servers shown so far. */
  readonly servers: ServerCard[];
  readonly loaded: Tool[];
  readonly isLoaded: Set<Tool>;
  /** Names shown so far. */
  readonly names: Map<string, readonly string[]>;
  /** Tools that were there at the start or came later, and are no more: server, newline, name. */
  readonly removed: Set<string>;
}
