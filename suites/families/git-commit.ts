import { REPOSITORY } from '../../envs/state/git/files.ts';
import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { drawRepository, tagName, withHistory } from '../tasks/repository-content.ts';
import { commit, readStatus, stage, switchToNew, tagHead } from '../tasks/repository-steps.ts';
import { startState } from '../tasks/start-state.ts';
import clauses from './git-commit.json' with { type: 'json' };

/** Which changes are committed, and what is done before or after. */
const shapes: readonly (readonly ('these' | 'except' | 'changed' | 'new' | 'branch' | 'tag')[])[] = [
  ['these'],
  ['except'],
  ['changed'],
  ['new'],
  ['branch', 'these'],
  ['except', 'tag'],
  ['these', 'tag'],
  ['branch', 'except'],
  ['changed', 'tag'],
  ['branch', 'new', 'tag'],
];

/** Commits some of the changes that the working tree holds, and leaves the rest as it is. */
export default {
  name: 'git-commit',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [7, 8, 9],
  draft: (draw, _, shape): Draft => {
    const { history, paths } = drawRepository(draw);
    const asked = shapes[shape] ?? [];
    const known = draw.shuffle(paths).slice(0, 2 + draw.below(2));
    const folder = `${paths[0]?.split('/')[0]}/`;
    const added = [`${folder}${draw.name()}.txt`, `${draw.name()}.md`];
    const all = draw.shuffle([...known, ...added]);
    const changes = Object.fromEntries(all.map((path) => [path, `${draw.sentence()}\n`]));
    const [one = '', other = ''] = draw.shuffle([draw.pick(known), draw.pick(added)]);
    const kind = asked.find((word) => word !== 'branch' && word !== 'tag') ?? 'these';
    const meant: readonly string[] = {
      these: [one, other],
      except: all.filter((path) => path !== one),
      changed: known,
      new: added,
      branch: [],
      tag: [],
    }[kind];
    const [message, branch, tag] = [draw.sentence(), draw.name(), tagName(draw)];
    const steps: PlannedStep[] = [];
    // What comes before is done first: staging depends on what the status showed, a commit on what was staged.
    const add = (step: PlannedStep, dependsOnLast = true) =>
      steps.push({ ...step, after: dependsOnLast && steps.length > 0 ? [steps.length - 1] : [] });
    if (asked.includes('branch')) add(switchToNew(branch));
    if (kind !== 'these') add(readStatus());
    add(stage([...meant].sort()));
    add(commit(message, meant));
    if (asked.includes('tag')) add(tagHead(tag));
    const values = { repository: REPOSITORY, one, other, message, branch, tag };
    return {
      start: withHistory(startState(draw), { ...history, changes }),
      steps,
      clauses: asked.map((word) => ({ kind: word, values })),
      subGoals: asked.length + (kind === 'these' ? 0 : 1),
    };
  },
} satisfies Family;
