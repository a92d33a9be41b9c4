import { compareFacts, describeFact } from '../../core/facts.ts';
import { seedOf, randomStream } from '../../core/seeds.ts';
import type { Facts, Files, PlannedCall, Split, Task } from '../../core/types.ts';
import { serverDefinition } from '../../envs/catalogue.ts';
import { fixtureOf } from '../../envs/fixture.ts';
import { graphFiles } from '../../envs/graph-files.ts';
import { rubricFor } from '../../judges/criteria.ts';
import { boardFiles } from './board-files.ts';
import { drawFrom } from './draw.ts';
import type { Family } from './family.ts';
import { phrase } from './phrasing.ts';
import type { State } from './state.ts';
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
 * Makes one task from names alone. The splits after `test` ask for the same content as `test`, in other words or on
 * other servers, so that they can be compared with it task by task.
 */
export function assemble({ suite, family, split, index, servers, roles }: AssembleOptions): Task {
  const content = split === 'train' || split === 'validation' ? split : 'test';
  const draw = drawFrom(content, seedOf(suite, family.name, content, index, 'content'));
  const { start, steps, clauses, subGoals } = family.draft(draw, roles, index % family.shapes);
  const goal = steps.reduce((state, step) => step.change(state), start);
  const wordings = randomStream(seedOf(suite, family.name, split, index, 'wording'));
  const phrasings = family.phrasings[split === 'wording' || split === 'fuzzy' ? split : 'train'];
  const plan = steps.map(({ server, tool, arguments: args, after = [] }): PlannedCall => ({
    server,
    tool,
    arguments: args,
    after,
  }));
  const files = filesOf(start, roles);
  const initial = factsOf(servers, files);
  const expected = factsOf(servers, filesOf(goal, roles));
  const { additions, removals } = compareFacts(initial, expected, initial);
  const changes = [...additions.map(describeFact), ...removals.map((one) => `no longer ${describeFact(one)}`)];
  return {
    id: `${suite}/${family.name}/${split}/${String(index).padStart(4, '0')}`,
    suite,
    family: family.name,
    split,
    prompt: phrase(wordings.pick(phrasings), clauses),
    world: { servers, files },
    plan,
    initial,
    expected,
    subGoals,
    rubric: rubricFor(plan, changes),
  };
}

/** A state as the files of the servers that keep it. */
function filesOf(state: State, roles: Roles): Record<string, Files> {
  return {
    [roles.files]: state.files,
    [roles.graph]: graphFiles(roles.graph, state),
    'memory-bank': state.pages,
    'dex-tasks': boardFiles(state.board),
  };
}

/** What the servers would say of these files, without starting one. */
function factsOf(servers: readonly string[], files: Readonly<Record<string, Files>>): Facts {
  const stated = servers.map((name) => [name, fixtureOf(serverDefinition(name), files[name]).facts] as const);
  return Object.fromEntries(stated.filter((entry) => entry[1] !== null)) as Facts;
}
