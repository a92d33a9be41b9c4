import { REPOSITORY } from '../../envs/state/git/files.ts';
import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { drawRepository, tagName, withHistory } from '../tasks/repository-content.ts';
import places from '../tasks/repository-places.json' with { type: 'json' };
import { commitId, createBranch, createTag, readLog } from '../tasks/repository-steps.ts';
import { startState } from '../tasks/start-state.ts';
import clauses from './git-branch-tag.json' with { type: 'json' };

/** Which commits, and what is put on each: by subject, as the one before a subject, or by a tag that it has. */
const shapes = [
  [['subject', 'tag']],
  [['subject', 'branch']],
  [['before', 'tag']],
  [['named', 'branch']],
  [
    ['subject', 'tag'],
    ['named', 'branch'],
  ],
  [['named', 'tag']],
  [
    ['named', 'tag'],
    ['subject', 'branch'],
  ],
  [['before', 'branch']],
  [
    ['before', 'tag'],
    ['subject', 'branch'],
  ],
] as const;

/** Puts tags and branches on commits that have to be found in the log, among others of nearly the same subject. */
export default {
  name: 'git-branch-tag',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [7, 8],
  draft: (draw, _, shape): Draft => {
    const { history, subjects, tags } = drawRepository(draw);
    const parts = shapes[shape] ?? shapes[0];
    const log = parts.some(([place]) => place !== 'named') ? [readLog()] : [];
    const indices = draw.shuffle(subjects.map((_one, index) => index).slice(1, -1));
    const deeds = parts.map(([place, deed], at) => {
      const name = draw.pick(tags);
      const subjectAt = indices[at] ?? 1;
      const index = { subject: subjectAt, before: subjectAt - 1, named: history.tags[name] ?? 0 }[place];
      const made = deed === 'tag' ? tagName(draw) : draw.name();
      const where = place === 'named' ? name : commitId(history, index);
      const step: PlannedStep = {
        ...(deed === 'tag' ? createTag(made, where, index) : createBranch(made, where, index)),
        after: place === 'named' ? [] : [0],
      };
      const clause = { kind: place, values: { repository: REPOSITORY, subject: subjects[subjectAt] ?? '', name } };
      return { step, clauses: [clause, { kind: deed, values: { made } }] };
    });
    return {
      start: withHistory(startState(draw), history),
      steps: [...log, ...deeds.map((one) => one.step)],
      clauses: deeds.flatMap((one) => one.clauses),
      subGoals: log.length + deeds.length,
    };
  },
} satisfies Family;
