import { familyOfChains } from '../goals/family-of-chains.ts';

/** Eight to twelve calls on three or four servers, of which each but the first depends on the one before. */
export default familyOfChains({
  name: 'long-work',
  mostServers: 4,
  chains: [
    [
      'page-line',
      'graph-search',
      'graph-relation',
      'graph-observation',
      'file-line',
      'page-line',
      'graph-relation',
      'graph-observation',
    ],
    [
      'board-description',
      'file-line',
      'vault-note',
      'graph-observation',
      'board-description',
      'file-line',
      'vault-tag',
    ],
    ['vault-tag', 'page-line', 'file-line', 'vault-search', 'vault-note', 'page-line', 'file-line'],
    [
      'file-line',
      'board-description',
      'graph-observation',
      'file-line',
      'board-description',
      'graph-search',
      'graph-relation',
      'graph-observation',
    ],
    ['graph-search', 'graph-observation', 'file-line', 'page-line', 'vault-tag', 'page-line', 'vault-tag', 'file-line'],
    [
      'file-line',
      'vault-note',
      'page-line',
      'graph-observation',
      'page-line',
      'vault-tag',
      'graph-observation',
      'file-line',
    ],
  ],
});
