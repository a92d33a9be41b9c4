import { driftLines } from '../../../core/drift/drift.ts';
import type { TasksGate } from './compare.ts';

/** A gate's word for a terminal. */
export function gateLines({ verdict, reasons, notes, drift }: TasksGate): string {
  return [...driftLines(drift), ...notes, ...reasons, `gate: ${verdictText(verdict)}`].join('\n');
}

export const verdictText = (verdict: TasksGate['verdict']): string => verdict.replaceAll('-', ' ');
