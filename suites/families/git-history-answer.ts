import { filesAt, REPOSITORY } from '../../envs/state/git/files.ts';
import type { Draw } from '../tasks/draw.ts';
import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { drawRepository, type Repository, withHistory } from '../tasks/repository-content.ts';
import places from '../tasks/repository-places.json' with { type: 'json' };
import { commitId, listTags, readFileLog, readLog, showCommit, showFile } from '../tasks/repository-steps.ts';
import { startState } from '../tasks/start-state.ts';
import clauses from './git-history-answer.json' with { type: 'json' };

/** Which commit, and what is asked about it: its subject, the file that it changed, or what a file said then. */
const shapes = [
  ['named', 'title'],
  ['subject', 'file'],
  ['before', 'title'],
  ['named', 'text'],
  ['last', 'title'],
  ['named', 'file'],
  ['subject', 'text'],
  ['before', 'file'],
  ['before', 'text'],
] as const;

/** Answers from the history of a repository. */
export default {
  name: 'git-history-answer',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [7, 8],
  draft: (draw, _, shape): Draft => {
    const drawn = drawRepository(draw);
    const { history, subjects, paths, tags } = drawn;
    const [place, asked] = shapes[shape] ?? shapes[0];
    const name = draw.pick(tags);
    const later = 2 + draw.below(subjects.length - 3);
    const path = draw.pick(paths);
    const last = history.commits.findLastIndex(({ files }) => files[path] !== undefined);
    const index = { named: history.tags[name] ?? 0, subject: later, before: later - 1, last }[place];
    const old = asked === 'text' ? oldFile(draw, drawn, index) : path;
    const found = {
      title: subjects[index],
      file: Object.keys(history.commits[index]?.files ?? {})[0],
      text: filesAt(history, index)[old]?.trim(),
    }[asked];
    const id = place === 'named' ? name : commitId(history, index);
    const looking = {
      title: [],
      file: [showCommit(id)],
      text: [showFile(id, old)],
    }[asked].map((step): PlannedStep => ({ ...step, after: place === 'named' ? [] : [0] }));
    const finding = {
      named: asked === 'title' ? [listTags()] : [],
      subject: [readLog()],
      before: [readLog()],
      last: [readFileLog(path)],
    }[place];
    const steps = [...finding, ...looking];
    return {
      start: withHistory(startState(draw), history),
      steps,
      clauses: [
        { kind: place, values: { repository: REPOSITORY, subject: subjects[later] ?? '', name, path } },
        { kind: asked, values: { path: old } },
      ],
      subGoals: steps.length,
      answer: { test: { equals: found ?? '' }, reference: found ?? '' },
    };
  },
} satisfies Family;

/** A file that was there at a commit, and by preference reads otherwise today. */
function oldFile(draw: Draw, { history, paths }: Repository, index: number): string {
  const [then, now] = [filesAt(history, index), filesAt(history, history.commits.length - 1)];
  const known = paths.filter((path) => then[path] !== undefined);
  const changed = known.filter((path) => then[path] !== now[path]);
  return draw.pick(changed.length > 0 ? changed : known);
}
