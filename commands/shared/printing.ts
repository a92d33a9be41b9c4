import { toTerminal, type Style } from '../../core/terminal.ts';

export { shownPath } from '../../core/shown-path.ts';

export const print = (text: string): void => toTerminal(process.stdout, `${text}\n`);

export const printStyled = (text: string, style: Style): void => toTerminal(process.stdout, `${text}\n`, style);

/** Lines of which the last says how it went. */
export function printVerdict(text: string, isWell: boolean): void {
  const end = text.lastIndexOf('\n') + 1;
  if (end > 0) print(text.slice(0, end - 1));
  printStyled(text.slice(end), isWell ? 'green' : 'red');
}

/** Columns of the terminal that standard output is; `undefined` where it is none. */
export const terminalWidth = (): number | undefined => (process.stdout.isTTY ? process.stdout.columns : undefined);

let isHushed = false;

/** Says a sentence on standard error, where it is in nobody's way; nothing where the user wants quiet. */
export function tell(sentence: string): void {
  if (!isHushed) toTerminal(process.stderr, `${sentence}\n`);
}

/** Whether `tell` says nothing from now on. */
export function hush(isQuiet: boolean): void {
  isHushed = isQuiet;
}
