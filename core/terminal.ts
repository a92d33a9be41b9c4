import { styleText } from 'node:util';
import { readableText } from './visible-text.ts';

/** What `toTerminal` writes to: standard output or standard error, which may be no terminal. */
export interface TextStream {
  readonly isTTY?: boolean;
  /** Whether it shows 16 colours; not where `NO_COLOR` is set. */
  readonly hasColors?: () => boolean;
  readonly write: (text: string) => unknown;
}

export type Style = 'green' | 'red' | 'bold';

/**
 * The one door to the terminal: whatever was said elsewhere reaches it as text to read, never as control. A style is ours, and
 * only where the stream is a terminal with colours.
 */
export function toTerminal(stream: TextStream, text: string, style?: Style): void {
  const readable = readableText(text);
  const isStyled = style !== undefined && stream.isTTY === true && stream.hasColors?.() === true;
  // The line break stays outside, so that no style reaches into the next line.
  const [, line = '', end = ''] = /^([^]*?)(\n*)$/.exec(readable) ?? [];
  stream.write(isStyled ? `${styleText(style, line, { validateStream: false })}${end}` : readable);
}
