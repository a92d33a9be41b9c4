import { REPOSITORY } from '../../envs/state/git/files.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { drawRepository, withHistory } from '../tasks/repository-content.ts';
import { readLog } from '../tasks/repository-steps.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { writeFile } from '../tasks/step.ts';
import clauses from './git-release-notes.json' with { type: 'json' };

/** From where the commits are taken, and in which order they are listed. */
const shapes = [
  ['since', 'newest'],
  ['since', 'oldest'],
  ['between', 'newest'],
  ['between', 'oldest'],
] as const;

/** Writes the subjects of the commits since a tag, or between two, to a file. */
export default {
  name: 'git-release-notes',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: shapes.length,
  draft: (draw, roles, shape): Draft => {
    const { history, subjects, tags } = drawRepository(draw);
    const plain = startState(draw);
    const [span, order] = shapes[shape] ?? shapes[0];
    const [from, newer] = tags;
    const end = span === 'since' ? subjects.length - 1 : (history.tags[newer] ?? 0);
    const chosen = subjects.slice((history.tags[from] ?? 0) + 1, end + 1);
    const path = `${someFolder(plain, draw)}/${draw.name()}.txt`;
    const text = (order === 'newest' ? chosen.toReversed() : chosen).join('\n');
    return {
      start: withHistory(plain, history),
      steps: [
        readLog(`${from}..${span === 'since' ? history.head : newer}`),
        { ...writeFile(roles, path, text), after: [0] },
      ],
      clauses: [
        { kind: span, values: { repository: REPOSITORY, from, newer } },
        { kind: order, values: { path } },
      ],
      subGoals: 2,
    };
  },
} satisfies Family;
