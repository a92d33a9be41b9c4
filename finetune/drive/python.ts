import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../core/errors.ts';
import { shownPath } from '../../core/shown-path.ts';
import { cacheFolder } from '../../envs/world-places.ts';

/** The scripts of finetune/trl. */
export type Script = 'sft' | 'rft' | 'grpo' | 'judge' | 'template' | 'to_gguf';

/** What starts a script in several processes, and what says whether an engine can run. */
type Helper = 'several' | 'engine';

export const scriptPath = (script: Script | Helper): string =>
  fileURLToPath(new URL(`../trl/${script}.py`, import.meta.url));

/** What adds the trainer, as the user types it from where he stands. */
export const trainerAddition = (): string =>
  `bash ${shownPath(fileURLToPath(new URL('../trl/setup.sh', import.meta.url)))} trainer`;

/** The interpreter that has what trains: the one of this path, or that of the environment which the set-up makes. */
export function pythonWithTrainer(path: string | undefined): string {
  if (path !== undefined) {
    if (existsSync(path)) return path;
    throw new UsageError(`There is no Python at ${path}. Give the interpreter of an environment with trl and torch.`);
  }
  const folder = join(cacheFolder(), 'python');
  if (existsSync(join(folder, 'ready-trainer'))) return join(folder, 'bin', 'python');
  throw new UsageError(
    'Finetuning needs Python with TRL and torch. Add an environment of its own in the cache with ' +
      `"${trainerAddition()}" (6 GB), or name yours with --python.`,
  );
}

/**
 * The environment of a driven script: it ends when its standard input does. One process takes the first graphics card, where
 * the user names no other: trainers would spread it over all of them in a way that TRL refuses.
 */
export const drivenEnvironment = (processes: number): NodeJS.ProcessEnv => ({
  ...(processes === 1 ? { CUDA_VISIBLE_DEVICES: '0' } : {}),
  ...process.env,
  TOOLSTONE_DRIVEN: '1',
  PYTHONUNBUFFERED: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  TOKENIZERS_PARALLELISM: 'false',
  HF_HUB_OFFLINE: '1',
});
