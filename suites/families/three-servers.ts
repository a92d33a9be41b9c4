import { sourceNamed } from '../goals/sub-goal-list.ts';
import { chainOfLookups } from '../goals/lookups.ts';
import { withPerson } from '../goals/people.ts';
import { goalWording } from '../goals/wording.ts';
import type { Family, PlannedStep } from '../tasks/family.ts';
import { someProject, startState } from '../tasks/start-state.ts';
import { addObservation, createRelation, createTask, writeFile, writePage } from '../tasks/step.ts';
import { compose, type Setting, type Source, type ValueKind } from '../tasks/sub-goal.ts';
import { createNote, VAULT } from '../tasks/vault-steps.ts';
import texts from './three-servers.json' with { type: 'json' };

interface Join {
  readonly kind: keyof typeof texts;
  readonly home: Source['home'];
  readonly wants: readonly [ValueKind, ValueKind];
  readonly make: (
    setting: Setting,
    first: string,
    second: string,
  ) => {
    readonly step: PlannedStep;
    readonly values?: Readonly<Record<string, string>>;
    readonly start?: Setting['start'];
  };
}

/** What can be done with two values: the first names something, the second says something of it. */
const joins: readonly Join[] = [
  {
    kind: 'file-of-two',
    home: 'files',
    wants: ['path', 'text'],
    make: ({ draw, roles, start }, path, text) => {
      const neighbour = `${path.slice(0, path.indexOf('/'))}/${draw.name()}.txt`;
      return {
        step: writeFile(roles, path, text),
        start: { ...start, files: { ...start.files, [neighbour]: draw.sentence() } },
      };
    },
  },
  {
    kind: 'page-of-two',
    home: 'memory-bank',
    wants: ['page', 'text'],
    make: ({ start }, page, text) => {
      const project = someProject(start);
      return { step: writePage(project, page, text), values: { project } };
    },
  },
  {
    kind: 'note-of-two',
    home: 'obsidian',
    wants: ['note', 'text'],
    make: (_, note, text) => ({ step: createNote(note, text), values: { vault: VAULT } }),
  },
  {
    kind: 'task-of-two',
    home: 'dex-tasks',
    wants: ['title', 'text'],
    make: (_, name, text) => ({ step: createTask(name, text) }),
  },
  {
    kind: 'observation-of-two',
    home: 'graph',
    wants: ['person', 'text'],
    make: (setting, name, text) => ({
      step: addObservation(setting.roles, name, text),
      start: withPerson(setting, name),
    }),
  },
  {
    kind: 'relation-of-two',
    home: 'graph',
    wants: ['person', 'person'],
    make: (setting, from, to) => {
      const relation = setting.draw.word('relationTypes');
      return {
        step: createRelation(setting.roles, from, relation, to),
        values: { relation },
        start: withPerson({ ...setting, start: withPerson(setting, from) }, to),
      };
    },
  },
];

const places = ['board-description', 'file-line', 'graph-observation', 'page-line', 'vault-note', 'vault-tag'].map(
  sourceNamed,
);
/** Two places on two servers, and a third one for what is found: in an order in which all of them change. */
const shapes = places.flatMap((_, turn) =>
  joins.flatMap((join, index) => {
    const first = places[(turn + index) % places.length] as Source;
    const second = places[(turn + 2 * index + 1) % places.length] as Source;
    return new Set([first.home, second.home, join.home]).size === 3 ? [{ first, second, join }] : [];
  }),
);

/** Two lookups on two servers, and one thing made of both on a third. Held out as a whole: other families use one value. */
export default {
  name: 'three-servers',
  wording: goalWording({ sources: places, own: texts }),
  hasStandIns: false,
  shapes: shapes.length,
  draft: (draw, roles, shape) => {
    const { first, second, join } = shapes[shape] as (typeof shapes)[number];
    const firstChain = chainOfLookups({ draw, roles, start: startState(draw) }, [first], join.wants[0]);
    const secondChain = chainOfLookups({ draw, roles, start: firstChain.start }, [second], join.wants[1], 1);
    const end = join.make({ draw, roles, start: secondChain.start }, firstChain.found, secondChain.found);
    const clause = { kind: join.kind, values: end.values ?? {} };
    return compose(end.start ?? secondChain.start, [
      ...firstChain.parts,
      ...secondChain.parts,
      { steps: [end.step], clause, needs: [0, 1] },
    ]);
  },
} satisfies Family;
