import { seedOf } from '../../core/seeds.ts';
import claims from './styles/claims.json' with { type: 'json' };
import frames from './styles/frames.json' with { type: 'json' };
import german from './styles/german.json' with { type: 'json' };
import negated from './styles/negated.json' with { type: 'json' };
import numbers from './styles/numbers.json' with { type: 'json' };
import outcome from './styles/outcome.json' with { type: 'json' };
import paper from './styles/paper.json' with { type: 'json' };
import plain from './styles/plain.json' with { type: 'json' };
import process from './styles/process.json' with { type: 'json' };
import question from './styles/question.json' with { type: 'json' };
import terse from './styles/terse.json' with { type: 'json' };
import vague from './styles/vague.json' with { type: 'json' };

/** Ways of saying that a proposition holds, and that it does not. */
export interface Wordings {
  readonly is: readonly string[];
  readonly not: readonly string[];
}

type StyleWordings = Readonly<Record<string, Wordings>>;

const all: Readonly<Record<string, StyleWordings>> = {
  claims,
  frames,
  german,
  negated,
  numbers,
  outcome,
  paper,
  plain,
  process,
  question,
  terse,
  vague,
};

export type Style = string;

/** Ways in which criteria are written; `compound` puts two plain or negated ones together. */
export const styleNames: readonly Style[] = [...Object.keys(all), 'compound'];

export const wordingsOf = (style: Style): StyleWordings => all[style] ?? {};

const heldOutStyles = 4;

/** Styles that no training sees, by lot from their names. Plain ones, of which compounds are made, are trained on. */
export const heldOut: readonly Style[] = styleNames
  .filter((style) => style !== 'plain')
  .map((style) => ({ style, lot: seedOf('style held out of training', style) }))
  .sort((a, b) => a.lot - b.lot)
  .slice(0, heldOutStyles)
  .map(({ style }) => style);

export const trainedStyles: readonly Style[] = styleNames.filter((style) => !heldOut.includes(style));
