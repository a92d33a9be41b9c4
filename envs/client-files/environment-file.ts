import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { messageOf } from '../../core/errors.ts';
import { keepSecret } from '../processes/secrets.ts';

/** Variables of a file of lines `NAME=value`, each a secret from now on. */
export function environmentFile(
  path: string,
): { readonly variables: Readonly<Record<string, string>> } | { readonly fault: string } {
  try {
    const variables = parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) as Record<string, string>;
    for (const [name, value] of Object.entries(variables)) keepSecret(name, value);
    return { variables };
  } catch (error) {
    return { fault: `the file cannot be read (${messageOf(error)}): make it, or take the key away` };
  }
}
