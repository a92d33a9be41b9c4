import { join, resolve } from 'node:path';
import { defaultLimits } from '../../core/run/limits.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import type { FinetuneFlags } from '../../commands/shared/trainer-commands.ts';
import type { FinetuneKind } from '../../core/record/training-record.ts';
import type { OpenView, Suite } from '../../core/types.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { judgeToBe } from '../judge/from-flags.ts';
import { metaToolsOf } from '../ors/catalogue.ts';
import { startServedRun } from '../ors/serve.ts';
import { finetune, type FinetuneOptions } from './finetune.ts';

/** What the command line brings together for a finetuning. */
export interface FinetuneSurroundings {
  readonly suite: Suite;
  readonly openView: OpenView;
  readonly runsFolder: string;
  readonly toolstone: Manifest['toolstone'];
  readonly manifestOf: (name: string, job: Job) => Manifest;
  readonly readManifest: (folder: string) => Manifest;
  readonly suiteNamed: (name: string) => Promise<Suite>;
  readonly record: FinetuneOptions['record'];
  readonly told: (sentence: string) => void;
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number;
}

/** Seconds without a word from the trainer after which its sessions are closed; it pings every ten. */
const unheardSeconds = 60;

/** `toolstone finetune`: gives what came of it in words. Throws `UsageError`, `Interrupted`. */
export async function finetuneByFlags(
  kind: FinetuneKind,
  flags: FinetuneFlags,
  surroundings: FinetuneSurroundings,
): Promise<{ readonly said: string; readonly isDead: boolean }> {
  const { suite: suiteName, view, out, fresh, concurrency: _, ...settings } = flags;
  const { suite, openView, runsFolder, toolstone, told } = surroundings;
  const judge = kind === 'judge' ? await judgeToBe(flags, surroundings) : undefined;
  const { version, source } = toolstone;
  const done = await finetune({
    ...settings,
    kind,
    about: judge
      ? { labels: judge.labels, settings: judge.settings, version, source }
      : { suite: suiteName, view, version, source },
    ...(judge ? { judge } : {}),
    out: resolve(out ?? join(runsFolder, `finetune-${kind}-${(judge?.suite ?? suite).name}`)),
    isFresh: fresh === true,
    metaTools: metaToolsOf(openView),
    record: surroundings.record,
    serve: ({ out: folder, sessions, tasks }) =>
      startServedRun({
        suite,
        tasks,
        view,
        openView,
        reward: flags.reward,
        limits: defaultLimits,
        sessions,
        unheardSeconds,
        openPool: (lanes) => openWorldPool({ lanes }),
        host: '127.0.0.1',
        port: 0,
        version: toolstone.version,
        told,
        manifestOf: surroundings.manifestOf,
        base: runsFolder,
        out: folder,
        isFresh: false,
        clock: surroundings.clock,
      }),
    told,
  });
  if (done.death) return { said: `Stopped in ${done.folder}: ${done.death.sentence}`, isDead: true };
  const measure = judge
    ? `calibrate --judge llama:${done.gguf} --labels LABELS, e.g. fresh ones of toolstone defects --split test`
    : `run --policy llama:${done.gguf} --suite ${suiteName}`;
  return { said: `Model: ${done.gguf}\nMeasure it: toolstone ${measure}`, isDead: false };
}
