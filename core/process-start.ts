import { readFileSync } from 'node:fs';

/** What Linux says of a process in `/proc/PID/stat` behind its name: fields 3 and on (`proc(5)`). `null` where there is no such process. */
export function statFields(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name, in which anything may stand.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/**
 * When a process began, in the system's ticks since it was started; with the id it names one process, for ids are used again.
 * `null` where there is no such process, or the system does not say (it is Linux that does).
 */
export const processStart = (pid: number): string | null => statFields(pid)?.[19] ?? null;

/** Ticks of a second in what Linux tells programs, whatever its own timer does. */
export const TICKS_PER_SECOND = 100;

/** When a process began, in milliseconds since 1970 by the clock as it goes now; `null` where nothing says so. */
export function processStartTime(pid: number): number | null {
  const ticks = processStart(pid);
  if (ticks === null) return null;
  const booted = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  return booted === undefined ? null : (Number(booted) + Number(ticks) / TICKS_PER_SECOND) * 1000;
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
