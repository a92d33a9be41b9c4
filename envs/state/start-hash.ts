import { createHash } from 'node:crypto';
import type { Files } from '../../core/types.ts';
import type { ServerDefinition } from '../server-definition.ts';
import { fixtureOf } from './fixture.ts';

/** SHA-256 (hex) over the states from which servers start, in their order, with these files (server name → files); none is started. */
export function startHashOf(definitions: readonly ServerDefinition[], files: Readonly<Record<string, Files>>): string {
  const whole = createHash('sha256');
  for (const definition of definitions)
    whole.update(`${definition.name}:${fixtureOf(definition, files[definition.name]).hash}\n`);
  return whole.digest('hex');
}
