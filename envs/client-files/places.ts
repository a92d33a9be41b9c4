import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, resolve } from 'node:path';

/** Whether a text is a path by its first letters. */
export const isPath = (text: string): boolean => isAbsolute(text) || /^(~|\.{1,2})\/|^~$/.test(text);

/** Whether a text is a path of this machine: of what is there, or by its form of what could be made in a folder that is there. */
export function namesPlace(text: string, base: string): boolean {
  const real = absolute(text, base);
  const above = dirname(real);
  return existsSync(real) || (isPath(text) && dirname(above) !== above && existsSync(above));
}

/** The whole path of a text that stands in the folder `base`; `~` is the user's own. */
export const absolute = (path: string, base: string): string => resolve(base, path.replace(/^~(?=\/|$)/, homedir()));
