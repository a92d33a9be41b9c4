import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import type { ServerDefinition } from '../server-definition.ts';
import { cacheFolder } from '../world-places.ts';
import { serverPackage } from './packages.ts';

/*
 * How long each server's starts took on this machine, kept beside the tool lists. Only deadlines hang on it, so that whatever
 * goes wrong with a file is no error.
 */

/** So many of a server's last starts are kept. */
const MOST_TIMES = 15;

const known = new Map<string, readonly number[]>();

/** Milliseconds that the last starts of a server took, the latest last. */
export function startTimesOf(definition: ServerDefinition): readonly number[] {
  const path = pathOf(definition);
  let times = known.get(path);
  if (!times) known.set(path, (times = readTimes(path)));
  return times;
}

/** Starts a server, and keeps how long that took where it went well. */
export async function timedStart<T>(definition: ServerDefinition, start: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await start();
  noteStartTime(definition, performance.now() - begin);
  return result;
}

/** Keeps how long a start took. */
export function noteStartTime(definition: ServerDefinition, milliseconds: number): void {
  const path = pathOf(definition);
  const times = [...startTimesOf(definition), Math.ceil(milliseconds)].slice(-MOST_TIMES);
  known.set(path, times);
  try {
    mkdirSync(dirname(path), { recursive: true });
    const beside = `${path}.${process.pid}-${threadId}`;
    writeFileSync(beside, JSON.stringify(times));
    renameSync(beside, path);
  } catch {
    return; // read-only home or full disk
  }
}

function readTimes(path: string): readonly number[] {
  try {
    const times: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!Array.isArray(times)) return [];
    return times.filter((time): time is number => typeof time === 'number' && time >= 0).slice(-MOST_TIMES);
  } catch {
    return [];
  }
}

/** A server of the catalogue by its version, a user's own by what is started or reached. */
function pathOf(definition: ServerDefinition): string {
  const { name, own } = definition;
  const block = own?.source.block;
  const identity = block && ('url' in block ? [block.url] : [block.command, ...(block.args ?? [])]);
  const version = identity
    ? `own-${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12)}`
    : serverPackage(definition).version;
  return join(cacheFolder(), 'starts', `${name}-${version}.json`);
}
