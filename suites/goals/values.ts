import type { Draw } from '../tasks/draw.ts';
import type { Source, ValueKind } from '../tasks/sub-goal.ts';
import { drawZone } from '../tasks/time-steps.ts';

const chores = ['clean', 'insure', 'lend', 'measure', 'order', 'paint', 'repair', 'return', 'sell', 'wrap'];

/** A fresh value of a kind, from the draw's pool. */
export function drawValue(draw: Draw, kind: ValueKind): string {
  switch (kind) {
    case 'text':
      return `${draw.name()} ${10 + draw.below(90)}`;
    case 'name':
      return draw.name();
    case 'phrase':
      return draw.sentence();
    case 'person':
      return draw.person();
    case 'path':
      return `${draw.name()}/${draw.name()}.txt`;
    case 'note':
    case 'page':
      return `${draw.name()}.md`;
    case 'tag':
      return draw.name().replace('-', '/');
    case 'title':
      // More than two words of a sentence, so that no other text of the task holds it by chance.
      return `${draw.pick(chores)} ${draw.title()}`;
    case 'zone':
      return drawZone(draw);
    case 'number':
      return `${draw.number(1000, 100_000)}`;
    case 'expression':
      return `${draw.number(100, 10_000)} * ${draw.number(100, 10_000)} + ${draw.number(100, 10_000)}`;
  }
}

/** A value that this source may find and that may be used as the kind wanted. */
export const drawWanted = (draw: Draw, source: Source, kind: ValueKind): string =>
  drawValue(draw, source.gives === null || source.gives.includes(kind) ? kind : (source.gives[0] ?? 'text'));
