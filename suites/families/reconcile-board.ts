import { completeTask, withTasks } from '../tasks/board-steps.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { listBoard } from '../tasks/judgement-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { createTask, readFile } from '../tasks/step.ts';
import clauses from './reconcile-board.json' with { type: 'json' };

/** How many tasks a shape's list has that the board lacks, and how many that are done by the list alone. */
const gaps = [
  { asks: ['create'], missing: 1, undone: 1 },
  { asks: ['create'], missing: 2, undone: 1 },
  { asks: ['complete'], missing: 1, undone: 1 },
  { asks: ['complete'], missing: 1, undone: 2 },
  { asks: ['create'], missing: 0, undone: 2 },
  { asks: ['complete'], missing: 2, undone: 0 },
  { asks: ['create', 'complete'], missing: 2, undone: 1 },
  { asks: ['create', 'complete'], missing: 1, undone: 2 },
] as const;

/**
 * Brings the board in line with a file's list, in one way or in both: creates what it lacks, completes what the list marks
 * as done. The other kind of difference then stays. Where there is nothing to do, the evidence is told of the one task that
 * only the board has.
 */
export default {
  name: 'reconcile-board',
  wording: mixedPhrasings(clauses),
  hasStandIns: true,
  shapes: gaps.length,
  heldOutShapes: [6, 7],
  draft: (draw, roles, shape): Draft => {
    const { asks, missing: missingCount, undone } = gaps[shape] ?? gaps[0];
    const common = startState(draw);
    const path = `${someFolder(common, draw)}/${draw.name()}.txt`;
    const task = () => ({ name: draw.title(), description: draw.sentence() });
    const lacking = Array.from({ length: missingCount }, task);
    const unticked = Array.from({ length: undone }, task);
    const [open, done, alone] = [task(), task(), task()];
    const start = withTasks(
      { ...common, board: [] },
      draw.shuffle([...unticked, open, { ...done, isDone: true }, alone]),
    );
    const lineOf = (mark: string) => (item: ReturnType<typeof task>) => `[${mark}] ${item.name}: ${item.description}`;
    // In the order in which the plan goes through them.
    const lines = [...[...lacking, open].map(lineOf(' ')), ...[...unticked, done].map(lineOf('x'))];
    const after = [0, 1];
    const work = asks.flatMap((ask) =>
      ask === 'create'
        ? lacking.map(({ name, description }) => ({ ...createTask(name, description), after }))
        : unticked.map(({ name, description }) => ({ ...completeTask(start, name, description), after })),
    );
    const { description } = alone;
    return {
      start: { ...start, files: { ...start.files, [path]: lines.join('\n') } },
      steps: [readFile(roles, path), listBoard(), ...work],
      clauses: [
        ...asks.map((ask) => ({ kind: ask, values: { path } })),
        ...(asks.length === 1 ? [{ kind: 'otherwise', values: {} }] : []),
      ],
      subGoals: 2 + work.length,
      ...(work.length === 0 ? { answer: { test: { equals: description }, reference: description } } : {}),
    };
  },
} satisfies Family;
