import { dirname } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { FinetuneFlags } from '../../commands/shared/trainer-commands.ts';
import type { Suite } from '../../core/types.ts';
import { readLabels } from '../../judges/calibration/labels.ts';
import { readSettings } from '../../judges/language/settings.ts';
import { verdictRows } from './from-labels.ts';
import type { VerdictRow } from './rows.ts';

/** A judge that is to be trained. */
export interface JudgeToBe {
  /** How it reads, as in a judge's name. */
  readonly settings: string;
  /** SHA-256 (hex) of the labels. */
  readonly labels: string;
  /** Suite that its labels are about. */
  readonly suite: Suite;
  /** What it learns, in the ids of the model in a GGUF file. */
  readonly rows: (gguf: string) => Promise<readonly VerdictRow[]>;
}

/** From the flags of `finetune judge`. Throws `UsageError`. */
export async function judgeToBe(
  { labels: file, evidenceTokens, criterionTokens }: FinetuneFlags,
  means: {
    readonly readManifest: (folder: string) => Manifest;
    readonly suiteNamed: (name: string) => Promise<Suite>;
  },
): Promise<JudgeToBe> {
  if (file === undefined) throw new UsageError('A judge learns from labels. Give their file with --labels.');
  const asked = `evidenceTokens=${evidenceTokens}&criterionTokens=${criterionTokens}`;
  const { settings } = readSettings(`?${asked}`);
  const labels = readLabels(file);
  const folder = dirname(file);
  const manifest = means.readManifest(folder);
  const suite = await means.suiteNamed(manifest.suite);
  const run = { folder, manifest, suite, labels, settings };
  return { settings: asked, labels: labels.hash, suite, rows: (gguf) => verdictRows(run, gguf) };
}
