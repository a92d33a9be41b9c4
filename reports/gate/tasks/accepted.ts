import { countOf, type Count } from './outcomes.ts';
import { plural } from './power.ts';
import { repeatsOf, shortName, type TasksRecord } from './record.ts';

const mostNamed = 10;

/** Some names of tasks, and how many there are beside them. */
export function namesOf(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a reference that is being accepted holds as right, and what it therefore cannot guard: a sentence each. */
export function acceptedLines(record: TasksRecord): string[] {
  const counted = record.tasks.map((task) => ({ name: shortName(task.id), ...countOf(task) }));
  const of = (holds: (count: Count) => boolean) => counted.filter(holds);
  const always = of(({ passed, played }) => passed === played);
  const never = of(({ passed }) => passed === 0);
  const flaky = of(({ passed, played }) => passed > 0 && passed < played);
  const each = repeatsOf(record) > 1 ? ' every time' : '';
  return [
    `${always.length} of ${plural(counted.length, 'task')} passed${each}.`,
    ...(never.length > 0
      ? [
          `${never.length} never passed: ${namesOf(never.map(({ name }) => name))}. The gate cannot notice if these get worse. ` +
            'Fix them, or choose a policy that solves them, and accept again.',
        ]
      : []),
    ...(flaky.length > 0
      ? [
          `${flaky.length} passed only sometimes: ${namesOf(flaky.map(({ name, passed, played }) => `${name} (${passed}/${played})`))}. ` +
            'Alone they never fail the gate.',
        ]
      : []),
  ];
}
