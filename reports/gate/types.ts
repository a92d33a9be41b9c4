import type { Run } from '../../core/record/read-run.ts';
import type { Cell } from '../tables/table.ts';
import type { ReferenceJob } from './reference.ts';

export type Verdict = 'pass' | 'regressed' | 'not-enough-data' | 'incomparable';

/** One violated condition. */
export interface Finding {
  readonly verdict: Exclude<Verdict, 'pass'>;
  readonly reason: string;
  readonly rows: readonly Record<string, Cell>[];
}

/** A job of today in the reference's form, and the run that it is of. */
export interface PlayedJob extends ReferenceJob {
  readonly run: Run;
}
