import type { Cell } from '../tables/table.ts';

export type Verdict = 'pass' | 'regressed' | 'not-enough-data' | 'incomparable';

/** One violated condition. */
export interface Finding {
  readonly verdict: Exclude<Verdict, 'pass'>;
  readonly reason: string;
  readonly rows: readonly Record<string, Cell>[];
}

export interface GateOptions {
  /** Loss of verifier success, proper finish or rubric reward that is tolerated. */
  readonly margin: number;
  /** Growth of peak context that is tolerated, as a share of the reference. */
  readonly tokenMargin: number;
  /** Greatest tolerated share of void episodes, and of episodes whose rubric could not be scored. */
  readonly voidLimit: number;
  /** Fewest paired episodes of a job from which anything is concluded. */
  readonly fewestPairs: number;
}
