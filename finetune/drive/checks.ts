import { spawnSync } from 'node:child_process';
import { UsageError } from '../../core/errors.ts';
import type { TrainingOptions } from './options.ts';
import { drivenEnvironment, scriptPath } from './python.ts';

/** What `grpo` makes of a step whose size is left out; its script has the same. */
export const usualStep = { prompts: 1, generations: 8 } as const;

/** Throws `UsageError` where the episodes of a step of `grpo` cannot be dealt out evenly. */
export function refuseUneven({ processes = 1, batch = 1, ...given }: TrainingOptions): void {
  const { prompts, generations } = { ...usualStep, ...given };
  if ((prompts * generations) % (processes * batch) === 0) return;
  throw new UsageError(
    `A step has ${prompts * generations} episodes (--prompts ${prompts}, --generations ${generations} each), which ${processes} ` +
      `processes with ${batch} at a time do not divide evenly. Choose another --batch or --processes.`,
  );
}

/** Throws `UsageError` with what keeps the engine from running with this interpreter on this machine. */
export function refuseAbsentEngine(python: string, engine: TrainingOptions['engine'] = 'transformers'): void {
  if (engine === 'transformers') return;
  const { status, stderr } = spawnSync(python, [scriptPath('engine'), engine], {
    encoding: 'utf8',
    env: drivenEnvironment(1),
  });
  if (status !== 0) throw new UsageError(stderr.trimEnd().split('\n').at(-1) ?? '');
}
