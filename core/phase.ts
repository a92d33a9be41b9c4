import type { Evaluation } from './run-types.ts';

/**
 * The phase of an episode or of a timing: `train`, an evaluated split, or a point while training, `NAME@EPISODES`, e.g.
 * `validation@512` of a learning curve: NAME after so many episodes of training.
 */
export const trainPhase = 'train';

/** Imitation before a training; of a timing, and of episodes that are in no record. */
export const warmStartPhase = 'warm-start';

export const pointPhase = (name: string, episodes: number): string => `${name}@${episodes}`;

/** The phase of an evaluation: its split, e.g. `test`, and where it names a size that too, `test-300-tools`. */
export const evaluationPhase = ({ split, tools }: Pick<Evaluation, 'split' | 'tools'>): string =>
  tools === undefined ? split : `${split}-${tools}-tools`;

/** The tasks of an evaluation in words: `held-out-server` → `held out server tasks`, `test-30-tools` → `test tasks among about 30 tools`. */
export function tasksOfPhase(phase: string): string {
  const [, split = phase, tools] = /^(.+)-(\d+|all)-tools$/.exec(phase) ?? [];
  const among = tools === undefined ? '' : ` among ${tools === 'all' ? 'all' : `about ${tools}`} tools`;
  return `${split.replaceAll('-', ' ')} tasks${among}`;
}

/** The name of a phase, and of a point the episodes trained before it; `null` for other phases. */
export function phaseParts(phase: string): { readonly name: string; readonly episodes: number | null } {
  const [name = '', episodes] = phase.split('@');
  return { name, episodes: episodes === undefined ? null : Number(episodes) };
}

/** `test`, `wording` …; not `train`, not `validation@512`. */
export const isFinalPhase = (phase: string): boolean => phase !== trainPhase && phaseParts(phase).episodes === null;

/** A point of a learning curve. */
export function isCurvePoint(phase: string): boolean {
  const { name, episodes } = phaseParts(phase);
  return name === 'validation' && episodes !== null;
}
