import type { Sink, Source } from '../tasks/sub-goal.ts';

/**
 * Compositions that no training task has: about one in six of those there are. Every source and every sink of them is
 * trained in other company.
 */
export const heldOutPairs: readonly (readonly [source: string, sink: string])[] = [
  ['board-description', 'entity'],
  ['board-description', 'move-file'],
  ['file-line', 'complete-task'],
  ['file-line', 'note'],
  ['graph-observation', 'folder'],
  ['graph-observation', 'replace-page'],
  ['graph-observation', 'task'],
  ['graph-relation', 'note'],
  ['graph-relation', 'replace-page'],
  ['graph-search', 'file'],
  ['hash', 'task'],
  ['page-line', 'file'],
  ['page-line', 'relation'],
  ['sum', 'answer'],
  ['sum', 'observation'],
  ['time-zone', 'entity'],
  ['units', 'page'],
  ['vault-note', 'folder'],
  ['vault-note', 'observation'],
  ['vault-search', 'task'],
  ['vault-tag', 'complete-task'],
  ['vault-tag', 'page'],
];

/** Lookups that never name the place of such another one in training. */
const successions: readonly (readonly [source: string, next: string])[] = [
  ['board-description', 'page-line'],
  ['file-line', 'graph-observation'],
  ['graph-observation', 'vault-note'],
  ['page-line', 'board-description'],
  ['vault-note', 'file-line'],
];

export const isHeldOutPair = (source: Source, sink: Sink): boolean => has(heldOutPairs, source.name, sink.name);

export const isHeldOutSuccession = (source: Source, next: Source): boolean => has(successions, source.name, next.name);

/** Whether any lookup, with the next one or with what is done in the end, is a composition that is held out. */
export const isHeldOutChain = (sources: readonly Source[], sink: Sink): boolean =>
  sources.some((source, index) => {
    const next = sources[index + 1];
    return next ? isHeldOutSuccession(source, next) : isHeldOutPair(source, sink);
  });

const has = (table: typeof heldOutPairs, first: string, second: string): boolean =>
  table.some((row) => row[0] === first && row[1] === second);
