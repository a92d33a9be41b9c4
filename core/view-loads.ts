import { nameIn } from './settings.ts';
import type { ViewName } from './types.ts';

/**
 * What one load of a view brings at least: `nothing` where all schemas are there from the start, the tools of a `server`, or a
 * `tool`, which in the view `search` is found rather than named. A view that is not known loads tools.
 */
export function loadedAtOnce(view: ViewName): 'nothing' | 'server' | 'tool' {
  return loads[nameIn(view)] ?? 'tool';
}

const loads: Readonly<Record<string, 'nothing' | 'server'>> = { eager: 'nothing', native: 'nothing', server: 'server' };
