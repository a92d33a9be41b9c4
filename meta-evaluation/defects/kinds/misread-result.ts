import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction, isLookup, leavesIn, pickOne, stepsOf, withLeaf, withStep } from '../script.ts';

/** Looked up rightly and read wrongly: another value of the same source is handed on. */
export default {
  name: 'misread-result',
  summary: 'after the right lookup, another value than the one asked for is taken from it',
  breaks: [...undone, 'steps-done', 'nothing-else', 'values-right', 'calls-exact'],
  open: ['calls-work', 'turns-needed'],
  apply: ({ task, draw }) => {
    const { plan, prompt } = task;
    const isFed = (after: readonly number[]) => after.some((index) => plan[index] && isLookup(plan[index]));
    const places = stepsOf(task, (call) => !isLookup(call) && isFed(call.after), { isLast: true }).flatMap((at) =>
      leavesIn(plan[at]?.arguments ?? {})
        .filter(({ text }) => text !== '' && !prompt.includes(text))
        .map((leaf) => ({ at, leaf, others: neighbours(Object.values(task.initial).flat(), leaf.text) }))
        .filter(({ others }) => others.length > 0),
    );
    const place = pickOne(draw, places);
    const call = plan[place?.at ?? -1];
    if (!place || !call) return null;
    const args = withLeaf(call.arguments, place.leaf, draw.pick(place.others));
    return {
      actions: [...carryOut(withStep(task, place.at, { ...call, arguments: args })), finishAction(task.answer)],
      server: call.server,
    };
  },
} satisfies Defect;

/** Values that stand in the same text as one: those of the other `key: value` lines. */
function neighbours(facts: readonly string[], value: string): string[] {
  const texts = facts.flatMap((fact) => JSON.parse(fact) as string[]).filter((text) => text.includes(`: ${value}`));
  return texts
    .flatMap((text) => text.split('\n').map((line) => line.split(': ')[1] ?? ''))
    .filter((other) => other !== '' && other !== value);
}
