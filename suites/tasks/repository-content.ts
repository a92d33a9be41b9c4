import type { History } from '../../envs/state/git/history.ts';
import type { Draw } from './draw.ts';
import type { State } from './state.ts';

/** A drawn history with names for what its commits do. */
export interface Repository {
  readonly history: History;
  /** Subjects, oldest first; no two are alike, though most have a near relative. */
  readonly subjects: readonly string[];
  /** Files of the last commit; the first ones were changed more than once. */
  readonly paths: readonly string[];
  /** Tags, the one on the older commit first: neither is on the first or the last commit. */
  readonly tags: readonly [older: string, newer: string];
}

const VERBS = ['Add', 'Describe', 'Fix', 'Move', 'Rename', 'Rework', 'Test', 'Tidy'];

/** Seven to nine commits on `main`, a branch and two tags on earlier ones, and nothing that is not committed. */
export function drawRepository(draw: Draw): Repository {
  const count = 7 + draw.below(3);
  const titles = Array.from({ length: Math.ceil(count / 2) }, () => draw.title());
  const verbs = draw.shuffle(VERBS);
  const subjects = draw.shuffle(
    Array.from({ length: count }, (_, index) => `${verbs[index % verbs.length]} the ${titles[index % titles.length]}`),
  );
  const folder = draw.word('nouns');
  const paths = Array.from({ length: 4 }, (_, index) =>
    index < 3 ? `${folder}/${draw.name()}.txt` : `${draw.name()}.md`,
  );
  // Each file comes about in one of the first commits; each later commit changes one of the first three.
  const commits = subjects.map((subject, index) => {
    const path = paths[index < 4 ? index : draw.below(3)] ?? '';
    return { subject, files: { [path]: `${draw.sentence()}\n` } };
  });
  const [first, second, third] = draw.shuffle(Array.from({ length: count - 2 }, (_, index) => index + 1));
  const [older = 1, newer = 2] = [first ?? 1, second ?? 2].sort((one, other) => one - other);
  const tags = [tagName(draw), tagName(draw)] as const;
  return {
    history: {
      commits,
      branches: { main: count - 1, [draw.name()]: third ?? 0 },
      tags: { [tags[0]]: older, [tags[1]]: newer },
      head: 'main',
      changes: {},
    },
    subjects,
    paths,
    tags,
  };
}

/** `v3.482` */
export const tagName = (draw: Draw): string => `v${1 + draw.below(9)}.${draw.number(100, 9999)}`;

export const withHistory = (start: State, history: History): State => ({ ...start, history });
