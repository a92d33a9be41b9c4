import type { Suite } from '../../core/types.ts';
import { readSettings } from '../../judges/language/settings.ts';
import { verdictRows, type LabelledRun } from './from-labels.ts';
import type { VerdictRow } from './rows.ts';

/** A judge that is to be trained. */
export interface JudgeToBe {
  /** How it reads, as in a judge's name. */
  readonly settings: string;
  /** SHA-256 (hex) of the labels. */
  readonly labels: string;
  /** Suite that its labels are about. */
  readonly suite: Suite;
  /** What it learns, in the ids of the model in a GGUF file and in the chat template (Jinja) that it is trained in. */
  readonly rows: (gguf: string, template: string) => Promise<readonly VerdictRow[]>;
}

/** Tokens that a judge reads of an episode and of a criterion. */
export interface ReadingLimits {
  readonly evidenceTokens: number;
  readonly criterionTokens: number;
}

/** The judge that learns from a labelled run. Throws `UsageError` on limits that no judge takes. */
export function judgeToBe(
  run: Omit<LabelledRun, 'settings'>,
  { evidenceTokens, criterionTokens }: ReadingLimits,
): JudgeToBe {
  const text = `evidenceTokens=${evidenceTokens}&criterionTokens=${criterionTokens}`;
  const { settings } = readSettings(`?${text}`);
  const { suite, labels } = run;
  return {
    settings: text,
    labels: labels.hash,
    suite,
    rows: (gguf, template) => verdictRows({ ...run, settings }, gguf, template),
  };
}
