import type { GateFlags } from '../../commands/shared/flags.ts';
import compare from './gate.ts';
import type { Verdict } from './types.ts';
import type { Run } from '../../core/record/read-run.ts';
import { readReference, referenceOf, writeReference } from './reference.ts';
import { tableMarkdown } from '../tables/table.ts';

/** `toolstone gate`: compares a run with the reference, or makes it the new one. Throws `UsageError`. */
export default async function passGate(
  { reference: folder, accept }: Pick<GateFlags, 'reference' | 'accept'>,
  makeRun: () => Promise<Run>,
): Promise<{ readonly said: string; readonly verdict: Verdict }> {
  // Before the run, so that a missing reference costs no minutes.
  const reference = accept === undefined ? readReference(folder) : null;
  const run = await makeRun();
  if (reference === null) {
    const path = writeReference(folder, referenceOf(run, accept ?? ''));
    return { said: `Accepted as reference: ${path}`, verdict: 'pass' };
  }
  const { verdict, reasons, offending } = compare(run, reference);
  const table = offending.rows.length > 0 ? [tableMarkdown(offending)] : [];
  return { said: [...table, ...reasons, `gate: ${verdict.replaceAll('-', ' ')}`].join('\n'), verdict };
}
