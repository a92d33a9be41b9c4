import { TaskFailure } from '../core/errors.ts';
import { inspectedFact } from '../core/facts.ts';
import type { Inspection } from '../core/goal-types.ts';
import type { Fact, World } from '../core/types.ts';

/** Looks things up in a world whose episode has ended, in order. */
export async function inspectWorld(inspections: readonly Inspection[], call: World['call']): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const [index, inspection] of inspections.entries()) {
    if (inspection.kind === 'script') throw new TaskFailure('scripts cannot be run here');
    const { text, isError } = await call(inspection.server, inspection.tool, inspection.arguments);
    facts.push(inspectedFact(index, isError ? 'error' : 'ok', text));
  }
  return facts;
}
