import { voids, type Episode } from '../../core/record/episode-figures.ts';
import type { LostTurn } from '../../core/types.ts';
import type { Column, Table } from './table.ts';

/** From this share of void episodes on a table's figures are about what is left, and its headline says so. */
const MOST_VOID = 0.1;

const lost = (kind: LostTurn) => (episodes: readonly Episode[]) =>
  episodes.reduce((sum, episode) => sum + (episode.lost[kind] ?? 0), 0);
const ended = (ending: string) => (episodes: readonly Episode[]) =>
  episodes.filter((episode) => episode.ending === ending).length;

/** What models and their endpoints do and other policies never: turns of the policy that came to nothing, and its endings. */
const counts: readonly (Column & { readonly count: (episodes: readonly Episode[]) => number })[] = [
  { key: 'turns_no_call', title: 'Turns without a call', kind: 'count', count: lost('no-call') },
  { key: 'turns_unreadable', title: 'Turns with an unreadable call', kind: 'count', count: lost('unreadable-call') },
  { key: 'turns_cut', title: 'Turns cut before a call', kind: 'count', count: lost('cut') },
  { key: 'turns_unparsed', title: 'Calls unread by the server', kind: 'count', count: lost('unparsed-by-server') },
  {
    key: 'cut_replies',
    title: 'Replies cut at the bound',
    kind: 'count',
    count: (episodes) => episodes.reduce((sum, { cutReplies }) => sum + cutReplies, 0),
  },
  {
    key: 'ended_by_context',
    title: 'Ended by the endpoint’s context',
    kind: 'count',
    count: ended('truncated: endpoint-context'),
  },
  { key: 'ended_by_refusal', title: 'Ended by a filter', kind: 'count', count: ended('truncated: refusal') },
];

/**
 * A table with a column for each of these counts that is not 0 in every row, all of them scored as they are; where more than a
 * tenth of the episodes are void its title says so. `episodes`: those of each row, in order.
 */
export function withEndings(table: Table, episodes: readonly (readonly Episode[])[]): Table {
  const shown = counts.filter(({ count }) => episodes.some((ofRow) => count(ofRow) > 0));
  const rows = table.rows.map((row, index) => ({
    ...row,
    ...Object.fromEntries(shown.map(({ key, count }) => [key, count(episodes[index] ?? [])])),
  }));
  const columns = [...table.columns, ...shown.map(({ key, title, kind }): Column => ({ key, title, kind }))];
  return withVoids({ ...table, columns, rows }, episodes);
}

/** A table with a column for each ending of episodes that did not do their task, and how many ended so in each row. */
export function withFailures(table: Table, episodes: readonly (readonly Episode[])[]): Table {
  const failed = episodes.map((ofRow) => ofRow.filter(({ success }) => success?.verified === false));
  const endings = [...new Set(failed.flat().map(({ ending }) => ending))].sort();
  return {
    ...table,
    columns: [
      ...table.columns,
      ...endings.map((ending): Column => ({ key: keyOf(ending), title: titleOf(ending), kind: 'count' })),
    ],
    rows: table.rows.map((row, index) => ({
      ...row,
      ...Object.fromEntries(
        endings.map((ending) => [keyOf(ending), failed[index]?.filter((one) => one.ending === ending).length ?? 0]),
      ),
    })),
  };
}

const keyOf = (ending: string): string => `failed_${ending.replaceAll(/\W+/g, '_')}`;

const titleOf = (ending: string): string =>
  ending === 'terminated' ? 'Failed: finished' : `Failed: ${ending.replace(/^truncated: /, 'cut by ')}`;

/** A table whose title says so where more than a tenth of the episodes are void. */
export function withVoids(table: Table, episodes: readonly (readonly Episode[])[]): Table {
  const all = [...new Set(episodes.flat())];
  const empty = voids(all);
  if (empty <= MOST_VOID * all.length) return table;
  const note = `${empty} of ${all.length} episodes are void and in no mean`;
  // The page shows what a table is about, the files its title.
  return {
    ...table,
    title: `${table.title} (${note})`,
    about: `${note}: read the rest with that in mind. ${table.about}`,
  };
}
