import { toTerminal } from '../../core/terminal.ts';

export { shownPath } from '../../core/shown-path.ts';

export const print = (text: string): void => toTerminal(process.stdout, `${text}\n`);

let isHushed = false;

/** Says a sentence on standard error, where it is in nobody's way; nothing where the user wants quiet. */
export function tell(sentence: string): void {
  if (!isHushed) toTerminal(process.stderr, `${sentence}\n`);
}

/** Whether `tell` says nothing from now on. */
export function hush(isQuiet: boolean): void {
  isHushed = isQuiet;
}
