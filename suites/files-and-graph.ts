import type { Suite } from '../core/types.ts';
import caseFile from './families/case-file.ts';
import { assemble } from './tasks/assemble.ts';

const splits: Suite['splits'] = ['train', 'validation', 'test', 'wording', 'fuzzy'];
const servers = ['filesystem', 'memory'];

/** Four calls over two servers that keep nothing between episodes: what `perf` trains on. */
export default {
  name: 'files-and-graph',
  summary: 'one family of four calls over the two fastest servers, for trying things out',
  splits,
  families: [caseFile.name],
  servers,
  heldOutServers: servers,
  toolNamesUpFront: true,
  tasks: (split, count) =>
    Array.from({ length: count }, (_, index) =>
      assemble({
        suite: 'files-and-graph',
        family: caseFile,
        split,
        index,
        servers,
        roles: { files: 'filesystem', graph: 'memory' },
      }),
    ),
} satisfies Suite;
