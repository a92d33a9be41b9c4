/** What a view is opened with beside its world. */
export interface ViewOptions {
  readonly toolNamesUpFront: boolean;
  /** Tools are shown as TypeScript declarations in place of JSON Schema, by views that show them in texts. */
  readonly declaresTools?: boolean;
  /** Of the episode, and what ends it. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** The counters of needless or refused actions that criteria and tables read. */
export interface ViewEvent extends ToolsOfServer {
  /** `ran`: a program. */
  readonly kind: 'listed' | 'loaded' | 'called' | 'ran' | 'refused' | 'finished';
  /** Of a load that shows tools of several servers: those of the servers behind the first (`core/loaded-tools.ts`). */
  readonly others?: readonly ToolsOfServer[];
  /** Tools that their server added in mid-episode, and that this view can no longer offer. */
  readonly tooLate?: readonly string[];
}

/** Names of tools of one server; '' and none where it is about no server. */
export interface ToolsOfServer {
  readonly server: string;
  readonly tools: readonly string[];
}

/** A model of embeddings that a view finds tools by. */
export interface ViewModel {
  /** As the view's settings name it. */
  readonly model: string;
  /** What tells it from others of its name, as far as its endpoint says: Ollama's digest, or the address. */
  readonly build: string;
  /** Numbers of a vector. */
  readonly width: number;
}
