import { readdirSync, readFileSync } from 'node:fs';

/** Of a second, as Linux counts a process's time (`proc(5)`, `sysconf(_SC_CLK_TCK)`). */
const TICKS_A_SECOND = 100;

/**
 * Processor seconds of all processes that descend from one and still live, and of those below them that ended and were waited for. Linux
 * alone.
 */
export function processorSecondsBelow(ancestor: number): number {
  const processes = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (usageOf(Number(name)) ?? []) : []));
  let below = new Set([ancestor]);
  let ticks = 0;
  while (below.size > 0) {
    const children = processes.filter(({ parent }) => below.has(parent));
    ticks += children.reduce((sum, child) => sum + child.ticks, 0);
    below = new Set(children.map(({ id }) => id));
  }
  return ticks / TICKS_A_SECOND;
}

function usageOf(id: number): { readonly id: number; readonly parent: number; readonly ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name before may hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent = 0, ...times] = [fields[1], ...fields.slice(11, 15)].map(Number);
    return { id, parent, ticks: times.reduce((sum, time) => sum + time, 0) };
  } catch {
    return undefined; // it ended meanwhile
  }
}
