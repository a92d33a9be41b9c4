import { readableText } from './visible-text.ts';

/** What `toTerminal` writes to: standard output or standard error. */
export interface TextStream {
  readonly write: (text: string) => unknown;
}

/** The one door to the terminal: whatever was said elsewhere reaches it as text to read, never as control. */
export const toTerminal = (stream: TextStream, text: string): void => void stream.write(readableText(text));
