import type { Run } from '../../core/record/read-run.ts';
import { tableMarkdown } from '../tables/table.ts';
import compare from './gate.ts';
import { readReference, referenceOf, writeReference } from './reference.ts';
import type { Verdict } from './types.ts';

export interface GatePassage {
  /** Folder of the reference. */
  readonly reference: string;
  /** Why the run's numbers become the reference; absent: they are compared with it. */
  readonly accept?: string | undefined;
}

/** `toolstone gate`: compares a run with the reference, or makes it the new one. Throws `UsageError`. */
export default async function passGate(
  { reference: folder, accept }: GatePassage,
  makeRun: () => Promise<Run>,
): Promise<{ readonly text: string; readonly verdict: Verdict }> {
  // Before the run, so that a missing reference costs no minutes.
  const reference = accept === undefined ? readReference(folder) : null;
  const run = await makeRun();
  if (reference === null) {
    const path = writeReference(folder, referenceOf(run, accept ?? ''));
    return { text: `Accepted as reference: ${path}`, verdict: 'pass' };
  }
  const { verdict, reasons, offending } = compare(run, reference);
  const table = offending.rows.length > 0 ? [tableMarkdown(offending)] : [];
  return { text: [...table, ...reasons, `gate: ${verdict.replaceAll('-', ' ')}`].join('\n'), verdict };
}
