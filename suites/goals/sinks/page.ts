import { someProject } from '../../tasks/start-state.ts';
import { writePage } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './page.json' with { type: 'json' };

/** Writes the value to a new page of an existing project. */
export default {
  name: 'page',
  home: 'memory-bank',
  wants: 'text',
  texts,
  record: ({ draw, start }, value) => {
    const [project, page] = [someProject(start), drawValue(draw, 'page')];
    return { start, steps: [writePage(project, page, value)], values: { project, page, value } };
  },
} satisfies Sink;
