import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { keepSecret } from '../processes/secrets.ts';

/** A value that VS Code asks its user for. */
export interface ClientInput {
  readonly id: string;
  readonly description?: string;
  readonly isHidden: boolean;
  /** What the user may leave standing. */
  readonly fallback?: string;
}

/** `api-key` → `INPUT_API_KEY`. */
export const inputVariable = (id: string): string => `INPUT_${id.toUpperCase().replace(/\W/g, '_')}`;

/**
 * What `${input:ID}` stands for: of the environment, else asked for on the terminal, and kept in the environment for the
 * other threads and processes of ours. It is a secret where it is hidden, or `isSecret` says so.
 */
export function inputValue(
  id: string,
  inputs: readonly ClientInput[],
  environment: Readonly<Record<string, string | undefined>>,
  isSecret: (variable: string, value: string) => boolean,
): { readonly value: string } | { readonly fault: string } {
  const variable = inputVariable(id);
  const input = inputs.find((one) => one.id === id) ?? { id, isHidden: true };
  const given = environment[variable];
  const value = given !== undefined && given !== '' ? given : (asked(input) ?? input.fallback);
  if (value === undefined) {
    const what = `\${input:${id}} is asked for on a terminal, and this is none`;
    return { fault: `${what}: set the variable ${variable} to its value${described(input)}` };
  }
  if (input.isHidden || isSecret(variable, value)) keepSecret(variable, value);
  if (environment === process.env) process.env[variable] = value;
  return { value };
}

const described = ({ description }: ClientInput): string => (description === undefined ? '' : ` (${description})`);

/** The shell gives back what it took from the terminal, also where it is interrupted. */
const ASK = `printf '%s ' "$1" >&2
trap 'stty echo' EXIT
trap 'exit 1' INT TERM
[ "$2" = hidden ] && stty -echo
IFS= read -r line || exit 1
[ "$2" = hidden ] && echo >&2
printf '%s' "$line"`;

/** What the user writes; `undefined` where nobody can be asked, or nothing was written. */
function asked(input: ClientInput): string | undefined {
  if (!isMainThread || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  let terminal: number | undefined;
  try {
    terminal = openSync('/dev/tty', 'r+');
    const proposal = input.fallback === undefined || input.isHidden ? '' : ` [${input.fallback}]`;
    const question = `${input.description ?? input.id}${proposal} (or set ${inputVariable(input.id)}):`;
    const { status, stdout } = spawnSync('sh', ['-c', ASK, 'sh', question, input.isHidden ? 'hidden' : 'shown'], {
      stdio: [terminal, 'pipe', terminal],
      encoding: 'utf8',
    });
    return status === 0 && stdout !== '' ? stdout : undefined;
  } catch {
    return undefined;
  } finally {
    if (terminal !== undefined) closeSync(terminal);
  }
}
