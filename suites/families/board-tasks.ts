import type { Draw } from '../tasks/draw.ts';
import type { Family } from '../tasks/family.ts';
import { wholePhrasings } from '../tasks/phrasing.ts';
import type { State } from '../tasks/state.ts';
import { someFolder, someProject, startState } from '../tasks/start-state.ts';
import { createTask, writeFile, writePage, type Roles } from '../tasks/step.ts';
import phrasings from './board-tasks.json' with { type: 'json' };

const shapes = [
  { tasks: 1, extra: 'none' },
  { tasks: 1, extra: 'page' },
  { tasks: 2, extra: 'none' },
  { tasks: 2, extra: 'page' },
  { tasks: 1, extra: 'write' },
  { tasks: 2, extra: 'write' },
] as const;

/** Puts one or two tasks on a board, and at times a page into the memory bank or a file into a folder. */
export default {
  name: 'board-tasks',
  wording: wholePhrasings(phrasings),
  hasStandIns: false,
  shapes: shapes.length,
  draft: (draw, roles, shape) => {
    const start = startState(draw);
    const { tasks, extra: extraCount } = shapes[shape] ?? shapes[0];
    const parts = [
      ...Array.from({ length: tasks }, () => boardTask(draw)),
      ...(extraCount === 'page' ? [page(draw, start)] : extraCount === 'write' ? [note(draw, start, roles)] : []),
    ];
    return {
      start,
      steps: parts.map((part) => part.step),
      clauses: parts.map((part) => part.clause),
      subGoals: parts.length,
    };
  },
} satisfies Family;

function boardTask(draw: Draw) {
  const [name, description] = [draw.title(), draw.sentence()];
  return { step: createTask(name, description), clause: { kind: 'task', values: { name, description } } };
}

function page(draw: Draw, start: State) {
  const [project, file, text] = [someProject(start), `${draw.name()}.md`, draw.sentence()];
  return { step: writePage(project, file, text), clause: { kind: 'page', values: { project, file, text } } };
}

function note(draw: Draw, start: State, roles: Roles) {
  const [path, text] = [`${someFolder(start, draw)}/${draw.name()}.txt`, draw.sentence()];
  return { step: writeFile(roles, path, text), clause: { kind: 'write', values: { path, text } } };
}
