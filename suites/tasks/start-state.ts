import type { Draw } from './draw.ts';
import { emptyState, type State } from './state.ts';

/** Things that lie about in a start state and that no task asks for, beside the things a task needs. */
export function startState(draw: Draw): State {
  const [folder, other] = [draw.word('nouns'), draw.word('places')];
  const people = [draw.person(), draw.person(), draw.person()] as const;
  const project = draw.word('places');
  return {
    ...emptyState,
    files: {
      [`${folder}/${draw.name()}.txt`]: draw.sentence(),
      [`${folder}/${draw.name()}.txt`]: draw.sentence(),
      [`${other}/${draw.name()}.txt`]: draw.sentence(),
      [`${draw.name()}.txt`]: draw.sentence(),
    },
    entities: people.map((name) => ({ name, type: draw.word('entityTypes'), observations: [draw.sentence()] })),
    relations: [{ from: people[0], type: draw.word('relationTypes'), to: people[1] }],
    pages: { [`${project}/${draw.name()}.md`]: draw.sentence(), [`${project}/${draw.name()}.md`]: draw.sentence() },
    board: [{ name: draw.title(), description: draw.sentence() }],
  };
}

/** An existing one of a start state's things. */
export const someFile = (state: State, draw: Draw): string =>
  draw.pick(Object.keys(state.files).filter((path) => path.includes('/')));

export const someFolder = (state: State, draw: Draw): string => someFile(state, draw).split('/')[0] ?? '';

/** Names of existing entities, in a drawn order. */
export const people = (state: State, draw: Draw): readonly string[] =>
  draw.shuffle(state.entities.map((entity) => entity.name));

export const someProject = (state: State): string => Object.keys(state.pages)[0]?.split('/')[0] ?? '';
