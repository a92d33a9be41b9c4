import type { Drift } from './drift.ts';
import type { TasksGate } from './compare.ts';

/** A gate's word for a terminal. */
export function gateLines({ verdict, reasons, notes, drift }: TasksGate): string {
  return [...driftLines(drift), ...notes, ...reasons, `gate: ${verdictText(verdict)}`].join('\n');
}

/** Each thing that drifted, and how. */
export const driftLines = (drift: readonly Drift[]): string[] =>
  drift.flatMap(({ what, difference }) => [`Drift: ${what}.`, ...difference.map((line) => `  ${line}`)]);

export const verdictText = (verdict: TasksGate['verdict']): string => verdict.replaceAll('-', ' ');
