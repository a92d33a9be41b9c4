import { readFileSync } from 'node:fs';

/**
 * When a process began, in the system's ticks since it was started; with the id it names one process, for ids are used again.
 * `null` where there is no such process, or the system does not say (it is Linux that does).
 */
export function processStart(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name, in which anything may stand.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Whether a process lives. `start` is what `processStart` said of it, or `null` where nobody asked. */
export function isProcessAlive(pid: number, start: string | null): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = start === null ? null : processStart(pid);
  return now === null || now === start;
}
