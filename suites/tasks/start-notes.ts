import type { Draw } from './draw.ts';
import { withNotes } from './note-steps.ts';
import { startState } from './start-state.ts';
import type { State } from './state.ts';
import type { Roles } from './step.ts';

/** A start state with two folders of two notes each, and one of these notes. */
interface StartWithNotes {
  readonly start: State;
  readonly folder: string;
  readonly note: string;
  readonly text: string;
}

export function startWithNotes(draw: Draw, roles: Roles): StartWithNotes {
  const start = startState(draw);
  const [folder, other] = [draw.name(), draw.name()];
  const [note, text] = [`${draw.name()}.md`, draw.sentence()];
  const notes = {
    [`${folder}/${note}`]: text,
    [`${folder}/${draw.name()}.md`]: draw.sentence(),
    [`${other}/${draw.name()}.md`]: draw.sentence(),
    [`${other}/${draw.name()}.md`]: draw.sentence(),
  };
  return { start: withNotes(roles, start, notes), folder, note, text };
}
