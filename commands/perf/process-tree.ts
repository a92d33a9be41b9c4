import { readdirSync, readFileSync } from 'node:fs';
import { statFields, TICKS_PER_SECOND } from '../../core/process-start.ts';

/** What a process and all that it started have used, as far as looks at `/proc` can tell. */
export interface TreeUse {
  readonly processorSeconds: number;
  /** Most memory at once, shared pages divided among those that share them. */
  readonly peakMegabytes: number;
}

const lookMilliseconds = 200;
/** Memory is slow to be asked for. */
const looksPerMemory = 10;

interface Seen {
  readonly parent: number;
  /** Ticks of its own, and of children that ended and were waited for. */
  readonly own: number;
  readonly ofEnded: number;
}

/**
 * Looks at a process and its descendants until `stop`, which tells what they used. A process that ends between two looks loses what it used since the
 * first, but for what its parent is told of it. Linux only.
 */
export function watchTree(root: number): { readonly stop: () => TreeUse } {
  const last = new Map<number, Seen>();
  /** Ticks of children that were seen themselves, by the parent that was later told of them. */
  const toldTwice = new Map<number, number>();
  let peakKilobytes = 0;
  let looks = 0;
  let alive = new Set<number>();
  const look = () => {
    const now = treeOf(root);
    for (const pid of alive) {
      const gone = last.get(pid);
      if (now.has(pid) || !gone || !now.has(gone.parent)) continue;
      toldTwice.set(gone.parent, (toldTwice.get(gone.parent) ?? 0) + gone.own + gone.ofEnded);
    }
    for (const [pid, seen] of now) last.set(pid, seen);
    alive = new Set(now.keys());
    if (looks++ % looksPerMemory === 0)
      peakKilobytes = Math.max(
        peakKilobytes,
        [...alive].reduce((sum, pid) => sum + kilobytesOf(pid), 0),
      );
  };
  look();
  const timer = setInterval(look, lookMilliseconds);
  return {
    stop: () => {
      clearInterval(timer);
      const ticks = [...last].reduce(
        (sum, [pid, { own, ofEnded }]) => sum + own + Math.max(0, ofEnded - (toldTwice.get(pid) ?? 0)),
        0,
      );
      return { processorSeconds: ticks / TICKS_PER_SECOND, peakMegabytes: peakKilobytes / 1024 };
    },
  };
}

/** What a process and its living descendants have used so far, with children that ended and were waited for. */
export const processorSecondsOf = (root: number): number =>
  [...treeOf(root).values()].reduce((sum, { own, ofEnded }) => sum + own + ofEnded, 0) / TICKS_PER_SECOND;

function treeOf(root: number): Map<number, Seen> {
  const all = new Map<number, Seen>();
  for (const name of readdirSync('/proc')) {
    const seen = /^\d+$/.test(name) ? seenOf(Number(name)) : undefined;
    if (seen) all.set(Number(name), seen);
  }
  const inTree = (pid: number): boolean => {
    for (let one: number | undefined = pid; one !== undefined; one = all.get(one)?.parent)
      if (one === root) return true;
    return false;
  };
  return new Map([...all].filter(([pid]) => inTree(pid)));
}

function seenOf(pid: number): Seen | undefined {
  const fields = statFields(pid);
  if (fields === null) return undefined; // it has ended
  const [parent = 0, own = 0, ownSystem = 0, ended = 0, endedSystem = 0] = [1, 11, 12, 13, 14].map((at) =>
    Number(fields[at]),
  );
  return { parent, own: own + ownSystem, ofEnded: ended + endedSystem };
}

function kilobytesOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
