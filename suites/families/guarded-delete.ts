import type { Draft, Family } from '../tasks/family.ts';
import { withTasks } from '../tasks/board-steps.ts';
import type { Draw } from '../tasks/draw.ts';
import { deleteEntity, readGraph } from '../tasks/graph-steps.ts';
import { deleteNote, deleteTask, listBoard, searchFolder } from '../tasks/judgement-steps.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { readFile, type Roles } from '../tasks/step.ts';
import { readNote } from '../tasks/vault-steps.ts';
import clauses from './guarded-delete.json' with { type: 'json' };

const keyFrom = (draw: Draw) => `${draw.word('nouns')} ${draw.word('keyHeads')}`;

/** Two notes bear the first mark; the one that bears the second too goes. Evidence: what they have instead. */
function noteDraft(draw: Draw, isThere: boolean): Draft {
  const [folder, elsewhere] = [draw.name(), draw.name()];
  const [key, otherKey] = [keyFrom(draw), keyFrom(draw)];
  const [first, second, unlike] = [draw.word('adjectives'), draw.name(), draw.word('adjectives')];
  const noteWith = (...values: readonly string[]) => ({
    name: `${draw.name()}.md`,
    text: `${key}: ${values[0]}\n${draw.sentence()}\n${otherKey}: ${values[1]}`,
  });
  const values = [isThere ? second : draw.name(), draw.name()];
  const marked = draw.shuffle(values.map((value) => noteWith(first, value)));
  const victim = marked.find(({ text }) => text.endsWith(second));
  const others = [noteWith(unlike, second), noteWith(unlike, draw.name())];
  const away = noteWith(first, second);
  const mark = `${key}: ${first}`;
  return {
    start: {
      ...startState(draw),
      vault: {
        ...Object.fromEntries([...marked, ...others].map(({ name, text }) => [`${folder}/${name}`, text])),
        [`${elsewhere}/${away.name}`]: away.text,
      },
    },
    steps: [
      searchFolder(folder, mark),
      ...marked.map(({ name }) => ({ ...readNote(name, folder), after: [0] })),
      ...(victim ? [{ ...deleteNote(victim.name, folder), after: [1, 2] }] : []),
    ],
    clauses: [
      { kind: 'note', values: { folder, mark, second: `${otherKey}: ${second}` } },
      { kind: 'noteElse', values: { mark, key: otherKey } },
    ],
    subGoals: 3,
    ...(victim ? {} : { answer: { test: { items: values }, reference: values.join(', ') } }),
  };
}

/** The one of a type goes whose value is the file's. Evidence: the values that those of the type have. */
function entityDraft(draw: Draw, roles: Roles, isThere: boolean): Draft {
  const common = startState(draw);
  const path = `${someFolder(common, draw)}/${draw.name()}.txt`;
  const [key, otherKey, value] = [keyFrom(draw), keyFrom(draw), draw.name()];
  const [type, unlike] = [draw.word('entityTypes'), draw.word('entityTypes')];
  const values = [isThere ? value : draw.name(), draw.name(), draw.name()];
  const entityOf = (kind: string, value: string) => ({
    name: draw.person(),
    type: kind,
    observations: draw.shuffle([`${key}: ${value}`, draw.sentence()]),
  });
  const typeEntities = values.map((value) => entityOf(type, value));
  const decoy = entityOf(unlike, value);
  const victim = isThere ? typeEntities[0]?.name : undefined;
  return {
    start: {
      ...common,
      files: { ...common.files, [path]: `${otherKey}: ${values[1]}\n${key}: ${value}` },
      entities: [...common.entities, ...draw.shuffle([...typeEntities, decoy])],
    },
    steps: [
      readFile(roles, path),
      readGraph(roles),
      ...(victim === undefined ? [] : [{ ...deleteEntity(roles, victim), after: [0, 1] }]),
    ],
    clauses: [
      { kind: 'entity', values: { type, key, path } },
      { kind: 'entityElse', values: { type, key } },
    ],
    subGoals: 3,
    ...(victim === undefined ? { answer: { test: { items: values }, reference: values.join(', ') } } : {}),
  };
}

/** The task that the file names goes, unless it is done. Evidence: its description. */
function taskDraft(draw: Draw, roles: Roles, isOpen: boolean): Draft {
  const common = startState(draw);
  const path = `${someFolder(common, draw)}/${draw.name()}.txt`;
  const [key, otherKey] = [keyFrom(draw), keyFrom(draw)];
  const [victim, other, third] = [isOpen, !isOpen, true].map((isTodo) => ({
    name: draw.title(),
    description: draw.sentence(),
    isDone: !isTodo,
  })) as [Board, Board, Board];
  const start = withTasks(common, draw.shuffle([victim, other, third]));
  const lines = draw.shuffle([`${key}: ${victim.name}`, `${otherKey}: ${other.name}`]);
  const { description } = victim;
  return {
    start: { ...start, files: { ...start.files, [path]: lines.join('\n') } },
    steps: [
      readFile(roles, path),
      listBoard(),
      ...(isOpen ? [{ ...deleteTask(start, victim.name), after: [0, 1] }] : []),
    ],
    clauses: [
      { kind: 'task', values: { path, key } },
      { kind: 'taskElse', values: {} },
    ],
    subGoals: 3,
    ...(isOpen ? {} : { answer: { test: { equals: description }, reference: description } }),
  };
}

type Board = Draft['start']['board'][number];

/**
 * Deletes the one note, entity or board task that meets a condition which needs a look; nothing brings it back. Odd shapes
 * are the twins in which nothing meets it, and read like those before them.
 */
export default {
  name: 'guarded-delete',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: 6,
  draft: (draw, roles, shape) => {
    const isThere = shape % 2 === 0;
    if (shape < 2) return noteDraft(draw, isThere);
    return shape < 4 ? entityDraft(draw, roles, isThere) : taskDraft(draw, roles, isThere);
  },
} satisfies Family;
