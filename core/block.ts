/** Why a task cannot be played now, though it once could. */
export interface Block {
  /** A tool that it names is gone, which is a loss; or a server does not start, which tells nothing of the task. */
  readonly what: 'tool' | 'server';
  readonly why: string;
}
