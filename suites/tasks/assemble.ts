import { taskId } from '../../core/task-id.ts';
import { seedOf, randomStream } from '../../core/seeds.ts';
import type { PlannedCall, References } from '../../core/plan.ts';
import type { Split, Task } from '../../core/types.ts';
import { startFacts } from '../../envs/state/start-facts.ts';
import { planRubric } from '../../judges/rubric/criteria.ts';
import { describeGoal } from '../../judges/truth/goal.ts';
import { drawFrom } from './draw.ts';
import type { Family } from './family.ts';
import { grammarRegisters, phrase, type Phrasing, type Register } from './phrasing.ts';
import { sizeIn } from './size.ts';
import { filesOf } from './state-files.ts';
import { referencesOf } from './references.ts';
import type { Roles } from './step.ts';

export interface AssembleOptions {
  readonly suite: string;
  readonly family: Family;
  readonly split: Split;
  /** Number of the task within its family and split. */
  readonly index: number;
  readonly servers: readonly string[];
  readonly roles: Roles;
}

/**
 * Makes one task from names alone. `wording`, `fuzzy`, the registers of the grammar and `held-out-server` ask for the same content as
 * `test`, in other words or on other servers, so that they can be compared with it task by task.
 */
export function assemble({ suite, family, split, index, servers, roles }: AssembleOptions): Task {
  const content = split === 'train' || split === 'validation' ? split : 'test';
  const size = sizeIn(split);
  const stem = split === 'held-out-composition' || size !== 'few' ? split : content;
  const draw = drawFrom(content, seedOf(suite, family.name, stem, index, 'content'), family.name);
  const draft = family.draft(draw, roles, shapeOf(family, split, index), size);
  const { start, steps, clauses, subGoals, answer } = draft;
  const end = steps.reduce((state, step) => step.change(state), start);
  const plan = steps.map(({ server, tool, arguments: args, after = [] }): PlannedCall => ({
    server,
    tool,
    arguments: args,
    after,
  }));
  const prompt = phrase(phrasingOf({ suite, family, split, index }), clauses);
  const files = filesOf(start, roles);
  const initial = startFacts(servers, files);
  const expected = startFacts(servers, filesOf(end, roles, { state: start, files }));
  let references: References | undefined;
  const goal = { kind: 'state', expected, answer: answer?.test ?? null } as const;
  return {
    id: taskId(suite, family.name, split, String(index).padStart(4, '0')),
    suite,
    family: family.name,
    split,
    prompt,
    world: { servers, files },
    plan,
    // Made when it is asked for, which few policies do: to look for hundreds of texts in hundreds of results takes long.
    get references() {
      return (references ??= referencesOf({ steps, start, prompt, answer: answer?.reference ?? '' }));
    },
    initial,
    goal,
    answer: answer?.reference ?? '',
    subGoals,
    difficulty: difficultyOf(plan),
    mostTurns: null,
    rubric: planRubric(plan, describeGoal(initial, goal)),
  };
}

/** The phrasing in which a task is asked. */
export function phrasingOf({ suite, family, split, index }: Omit<AssembleOptions, 'servers' | 'roles'>): Phrasing {
  const words = randomStream(seedOf(suite, family.name, split, index, 'wording'));
  return family.wording.pick(isRegister(split) ? split : 'train', words);
}

const isRegister = (split: Split): split is Split & Register =>
  (['train', 'wording', 'fuzzy', ...grammarRegisters] as readonly Split[]).includes(split);

function shapeOf({ shapes, heldOutShapes = [] }: Family, split: Split, index: number): number {
  if (heldOutShapes.length === 0) return index % shapes;
  const all = Array.from({ length: shapes }, (_, shape) => shape);
  const shapesOfSplit = all.filter((shape) => heldOutShapes.includes(shape) === (split === 'held-out-composition'));
  return shapesOfSplit[index % shapesOfSplit.length] as number;
}

/** Counted requirements of a plan: its calls, and what its longest chain and its servers add to one. */
export function difficultyOf(plan: readonly PlannedCall[]): number {
  const depths: number[] = [];
  for (const { after } of plan) depths.push(1 + Math.max(0, ...after.map((index) => depths[index] ?? 0)));
  const servers = new Set(plan.map((call) => call.server)).size;
  return plan.length + Math.max(1, ...depths) - 1 + Math.max(1, servers) - 1;
}
