import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive, processStart } from '../../core/process-start.ts';
import { removeWhole } from '../state/files/removal.ts';

/*
 * Nothing of a world outlives it. Processes that left their server's group are known by their environment: HOME and TMPDIR of
 * each server lie in its world's folder, whose name is drawn. Folders are known by a file beside them that names their owner.
 */

const OWNER = '.owner';

/** Writes down whose a folder for worlds is. A disk that is full shows elsewhere. */
export function claimFolder(folder: string): void {
  const start = processStart(process.pid);
  const place = placeOf();
  if (start === null || place === null) return;
  try {
    writeFileSync(folder + OWNER, `${place} ${process.pid} ${start}`);
  } catch {
    return;
  }
}

/** Ends what still runs for a folder's worlds, and removes it. */
export function removeWorlds(folder: string): void {
  endProcessesOf(folder);
  removeWhole(folder);
  rmSync(folder + OWNER, { force: true });
}

/** Removes the worlds below `base` whose owner ended without doing so, its supervisor included. */
export function sweepWorlds(base: string): void {
  const place = placeOf();
  if (place === null) return;
  for (const name of namesIn(base)) {
    if (!/^toolstone-\w+\.owner$/.test(name)) continue;
    const [where, pid, start] = textOf(join(base, name)).split(' ');
    // Another machine's or container's processes cannot be asked for.
    if (where !== place || pid === undefined || start === undefined || isProcessAlive(Number(pid), start)) continue;
    removeWorlds(join(base, name.slice(0, -OWNER.length)));
  }
}

/** Ends every process in whose environment a value is `folder` or a path below it. */
export function endProcessesOf(folder: string): void {
  for (const name of namesIn('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const environment = textOf(`/proc/${name}/environ`);
    if (environment.includes(`=${folder}/`) || environment.includes(`=${folder}\0`)) kill(Number(name));
  }
}

/** Ends what a server that has ended left in its group. */
export const endGroup = (processGroup: number): void => kill(-processGroup);

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    return; // gone already
  }
}

/** The boot and the process namespace in which ids of processes mean something, hashed; `null` where nothing says so. */
function placeOf(): string | null {
  const boot = textOf('/proc/sys/kernel/random/boot_id');
  try {
    const place = boot + readlinkSync('/proc/self/ns/pid');
    return boot === '' ? null : createHash('sha256').update(place).digest('hex').slice(0, 16);
  } catch {
    return null;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
