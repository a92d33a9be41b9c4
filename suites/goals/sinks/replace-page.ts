import { replacePage } from '../../tasks/page-steps.ts';
import { someProject } from '../../tasks/start-state.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './replace-page.json' with { type: 'json' };

/** Puts the value in the place of all that a page says. */
export default {
  name: 'replace-page',
  home: 'memory-bank',
  wants: 'text',
  texts,
  record: ({ draw, start }, value) => {
    const [project, page] = [someProject(start), drawValue(draw, 'page')];
    return {
      start: { ...start, pages: { ...start.pages, [`${project}/${page}`]: draw.sentence() } },
      steps: [replacePage(project, page, value)],
      values: { project, page, value },
    };
  },
} satisfies Sink;
