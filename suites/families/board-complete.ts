import { sinkNamed, sourceNamed } from '../goals/sub-goal-list.ts';
import { chainOfLookups, recordingOf } from '../goals/lookups.ts';
import { goalWording } from '../goals/wording.ts';
import type { Family } from '../tasks/family.ts';
import { startState } from '../tasks/start-state.ts';
import { compose, testFor, type Part } from '../tasks/sub-goal.ts';
import { drawValue } from '../goals/values.ts';
import texts from './board-complete.json' with { type: 'json' };

const shapes: readonly { readonly by?: string; readonly goals: readonly string[]; readonly asksName?: true }[] = [
  { goals: ['complete-described'] },
  { goals: ['complete-described'], asksName: true },
  { goals: ['complete-described', 'complete-task'] },
  { goals: ['complete-task', 'task'] },
  { goals: ['complete-described', 'file'] },
  { by: 'page-line', goals: ['complete-described'] },
  { by: 'graph-search', goals: ['observation', 'complete-described'] },
  { goals: ['complete-described', 'task', 'complete-task'] },
  { by: 'vault-search', goals: ['task', 'complete-described'] },
  { goals: ['complete-described', 'complete-described', 'note'] },
];
const sources = [...new Set(shapes.flatMap(({ by }) => by ?? []))].map(sourceNamed);
const sinks = [...new Set(shapes.flatMap(({ goals }) => goals))].map(sinkNamed);

/** Completes tasks that are named or described, among others, and does a thing or two beside that. */
export default {
  name: 'board-complete',
  wording: goalWording({ sources, sinks, own: texts }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [4, 8],
  draft: (draw, roles, shape) => {
    const { by, goals, asksName = false } = shapes[shape] as (typeof shapes)[number];
    const first = sinkNamed(goals[0] as string);
    const lookup = by
      ? chainOfLookups({ draw, roles, start: startState(draw) }, [sourceNamed(by)], first.wants)
      : { start: startState(draw), parts: [], found: drawValue(draw, first.wants) };
    let { start } = lookup;
    const parts: Part[] = [...lookup.parts];
    for (const [index, name] of goals.entries()) {
      const sink = sinkNamed(name);
      const isFound = index === 0 && by !== undefined;
      const value = index === 0 ? lookup.found : drawValue(draw, sink.wants === 'text' ? 'phrase' : sink.wants);
      const recording = recordingOf(
        { draw, roles, start },
        sink,
        value,
        isFound ? 'found' : 'literal',
        isFound ? [0] : [],
      );
      ({ start } = recording);
      parts.push(recording.part);
    }
    if (asksName) {
      const name = start.board.find(({ description }) => description === lookup.found)?.name ?? '';
      const answer = { test: testFor(name), reference: name };
      parts.push({ steps: [], clause: { kind: 'name-of-it', values: {} }, needs: [], answer });
    }
    return compose(start, parts);
  },
} satisfies Family;
