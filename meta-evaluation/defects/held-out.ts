import { seedOf } from '../../core/seeds.ts';
import type { Task } from '../../core/types.ts';

/** Of what kinds names are kept from training, by their names alone. */
export type HeldOut = 'family' | 'server' | 'kind';

const share = 0.2;

/** Servers that most tasks use, without which nothing is left to train on. */
const commonServers = new Set(['filesystem', 'memory', 'memory-bank', 'calc']);

/** Whether a name is kept from training; what is sound never is. The same on every machine and for any suite. */
export function isHeldOut(what: HeldOut, name: string): boolean {
  if (what === 'server' && commonServers.has(name)) return false;
  if (what === 'kind' && name.startsWith('sound')) return false;
  return (seedOf('held out of planting', what, name) >>> 0) / 2 ** 32 < share;
}

/** `train`, or what a planted trajectory has that none of those to train on has: `held-out-kind`, `held-out-several`. */
export function partOf(task: Task, kind: string, server: string): string {
  const servers = [server, ...task.plan.map((call) => call.server)];
  const reasons = [
    ...(isHeldOut('family', task.family) ? ['family'] : []),
    ...(servers.some((name) => isHeldOut('server', name)) ? ['server'] : []),
    ...(isHeldOut('kind', kind) ? ['kind'] : []),
  ];
  if (reasons.length === 0) return 'train';
  return `held-out-${reasons.length === 1 ? reasons[0] : 'several'}`;
}
