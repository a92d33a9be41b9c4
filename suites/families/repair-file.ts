import { withTasks } from '../tasks/board-steps.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { readGraph } from '../tasks/graph-steps.ts';
import { listBoard } from '../tasks/judgement-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { readFile, writeFile } from '../tasks/step.ts';
import clauses from './repair-file.json' with { type: 'json' };

/** What a shape's list is held against, and what is wrong with it. */
const lists = [
  { truth: 'graph', lacks: 1, hasTooMany: 0 },
  { truth: 'graph', lacks: 0, hasTooMany: 1 },
  { truth: 'graph', lacks: 0, hasTooMany: 0 },
  { truth: 'board', lacks: 1, hasTooMany: 0 },
  { truth: 'board', lacks: 0, hasTooMany: 1 },
  { truth: 'board', lacks: 0, hasTooMany: 0 },
  { truth: 'graph', lacks: 1, hasTooMany: 1 },
  { truth: 'board', lacks: 1, hasTooMany: 1 },
] as const;

/**
 * A file lists the entities of a type, or the open tasks of the board; it lacks one, or has one too many, and is corrected
 * by what the graph or the board says. In the twins it is right, and the evidence is told of what stands last in it.
 */
export default {
  name: 'repair-file',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: lists.length,
  heldOutShapes: [6, 7],
  draft: (draw, roles, shape): Draft => {
    const { truth, lacks, hasTooMany } = lists[shape] ?? lists[0];
    const common = startState(draw);
    const path = `${someFolder(common, draw)}/${draw.name()}.txt`;
    const isGraph = truth === 'graph';
    const [type, unlike] = [draw.word('entityTypes'), draw.word('entityTypes')];
    const things = Array.from({ length: 6 }, (_, index) => ({
      name: isGraph ? draw.person() : draw.title(),
      text: draw.sentence(),
      belongs: index < 4,
    }));
    const members = things.filter(({ belongs }) => belongs);
    const start = isGraph
      ? {
          ...common,
          entities: [
            ...common.entities,
            ...draw
              .shuffle(things)
              .map(({ name, text, belongs }) => ({ name, type: belongs ? type : unlike, observations: [text] })),
          ],
        }
      : withTasks(
          { ...common, board: [] },
          draw.shuffle(things).map(({ name, text, belongs }) => ({ name, description: text, isDone: !belongs })),
        );
    const keptNames = members.slice(0, members.length - lacks).map(({ name }) => name);
    const newNames = members.slice(members.length - lacks).map(({ name }) => name);
    const surplus = things.slice(members.length, members.length + hasTooMany).map(({ name }) => name);
    // What belongs stands last, so that it can be asked for.
    const listedNames = [...draw.shuffle([...keptNames.slice(1), ...surplus]), ...keptNames.slice(0, 1)];
    const corrected = [...listedNames.filter((name) => !surplus.includes(name)), ...newNames];
    const evidence = members.find(({ name }) => name === listedNames.at(-1))?.text ?? '';
    const isRight = lacks + hasTooMany === 0;
    return {
      start: { ...start, files: { ...start.files, [path]: listedNames.join('\n') } },
      steps: [
        readFile(roles, path),
        isGraph ? readGraph(roles) : listBoard(),
        ...(isRight ? [] : [{ ...writeFile(roles, path, corrected.join('\n')), after: [0, 1] }]),
      ],
      clauses: [
        { kind: truth, values: { path, type } },
        { kind: `${truth}Else`, values: {} },
      ],
      subGoals: 2 + lacks + hasTooMany,
      ...(isRight ? { answer: { test: { equals: evidence }, reference: evidence } } : {}),
    };
  },
} satisfies Family;
