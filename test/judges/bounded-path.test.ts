import { expect, test } from 'vitest';
import { TaskFailure } from '../../core/errors.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { checkPasses } from '../../judges/truth/checks.ts';

/** Whether a path finds an `x` in what a tool said; nothing else of task and episode is looked at. */
function finds(path: string, said: unknown): boolean {
  const check = { kind: 'result', name: 'look', inspection: 0, path, test: { equals: 'x' } } as const;
  const evidence = { '': [JSON.stringify(['inspected', '0', 'ok', JSON.stringify(said)])] };
  return checkPasses(check, {} as Task, { evidence } as unknown as Trajectory);
}

test("a path whose pattern doubles with each letter is the task's fault, and the next one is looked up", () => {
  const slow = () => finds("$[?search(@.text, '(a+)+b')].x", [{ text: 'a'.repeat(60), x: 'x' }]);
  const cause = expect.objectContaining({ message: 'did not end within 5 s' });
  expect(slow).toThrow(expect.objectContaining({ name: TaskFailure.name, cause }));
  expect(finds("$[?match(@.text, 'a+')].x", [{ text: 'aaa', x: 'x' }])).toBe(true);
  expect(finds("$[?match(@.text, 'a+')].x", [{ text: 'b', x: 'x' }])).toBe(false);
});
