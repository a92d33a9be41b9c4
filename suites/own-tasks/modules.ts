import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reachOf } from '../../core/identity/reach.ts';
import { ownModuleFault } from '../../core/load-own.ts';
import type { PartShape } from '../../core/own-module.ts';
import type { ReadBlock } from '../../envs/client-files/server-block.ts';
import { serverShape } from '../../envs/modules/server.ts';
import { verifierShape } from '../../envs/modules/verifier.ts';
import type { Fault } from './shape.ts';
import type { Path } from './source.ts';

/** A module of the user's own that a task file names. */
export interface NamedModule {
  /** As it is written: it counts from the task file's folder. */
  readonly file: string;
  readonly path: Path;
  readonly kind: 'server' | 'verifier';
}

const shapes: Readonly<Record<NamedModule['kind'], PartShape>> = { server: serverShape, verifier: verifierShape };

/** The modules of the servers and of the checks of a file whose shape need not be right. */
export function modulesOf(tasks: unknown, blocks: ReadonlyMap<string, ReadBlock>): NamedModule[] {
  const servers = [...blocks].flatMap(([name, { module: file }]): NamedModule[] =>
    file === undefined ? [] : [{ file, path: ['mcpServers', name, 'module'], kind: 'server' }],
  );
  const verifiers = listOf(tasks).flatMap((task, index) =>
    listOf(fieldOf(task, 'checks')).flatMap((check, place): NamedModule[] => {
      const file = fieldOf(check, 'verifier');
      return typeof file === 'string'
        ? [{ file, path: ['tasks', index, 'checks', place, 'verifier'], kind: 'verifier' }]
        : [];
    }),
  );
  return [...servers, ...verifiers];
}

/** Those that are not there, do not load, or export another thing. `home` is the task file's folder. */
export const moduleFaults = (modules: readonly NamedModule[], home: string): Fault[] =>
  modules.flatMap(({ file, path, kind }) => {
    const what = ownModuleFault(resolve(home, file), file, kind, shapes[kind]);
    return what === undefined ? [] : [{ path, what }];
  });

/** SHA-256 (hex) of each with all that it imports. */
export const moduleHashes = (modules: readonly NamedModule[], home: string): string[] =>
  [...new Set(modules.map(({ file }) => file))]
    .sort()
    .map((file) => reachOf([pathToFileURL(resolve(home, file))]).hash);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
