import { homedir } from 'node:os';
import { basename, dirname, sep } from 'node:path';
import { looksSecret } from './secret-looks.ts';
import { keepSecret } from '../processes/secrets.ts';
import { type ClientInput, inputValue } from './inputs.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a block stands, and what it may ask for. */
export interface Surroundings {
  /** Folder of the file that the block stands in: `{HERE}`. */
  readonly folder: string;
  readonly environment: Environment;
  readonly inputs: readonly ClientInput[];
  /** Whether the text is a secret by where it stands, and so whatever is filled in. */
  readonly isSecret?: boolean;
}

/** A text in pieces; `null` stands for the server's folder in its world. */
export type Parts = readonly (string | null)[];

export interface Substituted {
  readonly parts: Parts;
  /** Places that stand for nothing, a sentence each. */
  readonly unknown: readonly string[];
}

export const withFolder = (parts: Parts, folder: string): string => parts.map((part) => part ?? folder).join('');

/** Folders in which editors keep the settings of the workspace above. */
const SETTINGS_FOLDERS = ['.vscode', '.cursor', '.windsurf', '.zed', '.claude', '.roo', '.kiro', '.gemini', '.idea'];

/** What a client that opened this folder calls `workspaceFolder`. */
export const workspaceOf = (folder: string): string =>
  SETTINGS_FOLDERS.includes(basename(folder)) ? dirname(folder) : folder;

/** Fills in all that stands in braces: `${NAME:-default}`, where a default may hold further ones, `{HERE}`, `{FOLDER}`. */
export function substituted(text: string, surroundings: Surroundings): Substituted {
  const parts: (string | null)[] = [];
  const unknown: string[] = [];
  let plain = '';
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const end = rest.startsWith('${') ? endOfBraces(rest) : undefined;
    if (end !== undefined) {
      const inner = valueOf(rest.slice(2, end), surroundings);
      parts.push(plain, ...inner.parts);
      unknown.push(...inner.unknown);
      plain = '';
      at += end + 1;
    } else if (rest.startsWith('{FOLDER}')) {
      parts.push(plain, null);
      plain = '';
      at += '{FOLDER}'.length;
    } else if (rest.startsWith('{HERE}')) {
      plain += surroundings.folder;
      at += '{HERE}'.length;
    } else {
      plain += text[at] as string;
      at++;
    }
  }
  return { parts: [...parts, plain].filter((part) => part !== ''), unknown };
}

/** Place of the brace that closes `${`, braces between them counted. */
function endOfBraces(text: string): number | undefined {
  let depth = 0;
  for (let at = 1; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}

function valueOf(inside: string, surroundings: Surroundings): Substituted {
  const { folder, inputs } = surroundings;
  const fixed: Readonly<Record<string, () => string>> = {
    workspaceFolder: () => workspaceOf(folder),
    workspaceRoot: () => workspaceOf(folder),
    workspaceFolderBasename: () => basename(workspaceOf(folder)),
    userHome: homedir,
    pathSeparator: () => sep,
    '/': () => sep,
  };
  const known = Object.hasOwn(fixed, inside) ? fixed[inside] : undefined;
  if (known) return { parts: [known()], unknown: [] };
  const [, id] = /^(?:prompt)?[Ii]nput:(.+)$/s.exec(inside) ?? [];
  if (id !== undefined) {
    const answer = inputValue(id, inputs, surroundings.environment, (...given) => isSecret(...given, surroundings));
    return 'fault' in answer ? { parts: [], unknown: [answer.fault] } : { parts: [answer.value], unknown: [] };
  }
  return fromEnvironment(inside, surroundings);
}

function fromEnvironment(inside: string, surroundings: Surroundings): Substituted {
  const [, name, fallback] = /^(?:env:)?([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside) ?? [];
  if (name === undefined) {
    const what = `\${${inside}} names no variable: write \${NAME} or \${NAME:-default}`;
    return { parts: [], unknown: [what] };
  }
  const value = surroundings.environment[name];
  if (value !== undefined && (value !== '' || fallback === undefined)) {
    if (isSecret(name, value, surroundings)) keepSecret(name, value);
    return { parts: [value], unknown: [] };
  }
  if (fallback !== undefined) return substituted(fallback, surroundings);
  const what = `the environment has no ${name}: set it, or write \${${name}:-default} to do without`;
  return { parts: [], unknown: [what] };
}

const isSecret = (name: string, value: string, { isSecret: isSecretPlace, folder }: Surroundings): boolean =>
  isSecretPlace === true || looksSecret(name, value, workspaceOf(folder));
