import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Execution } from '../../core/execution.ts';
import type { WorldPool } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import type { FinetuneOptions } from '../../finetune/drive/options.ts';
import { metaToolsOf } from '../../finetune/ors/offered-tools.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { python, tinyModel } from './python.ts';

/** What trains a tiny model in the tests of the suite that calls this, on `micro` and by this execution. */
export function tinyTraining(execution: Execution = 'calls') {
  let pool: WorldPool;
  let tiny: ReturnType<typeof tinyModel>;
  beforeAll(() => {
    tiny = tinyModel();
    pool = openWorldPool({ lanes: 4 });
  }, 400_000);
  afterAll(async () => {
    tiny.remove();
    await pool.dispose();
  });
  const optionsOf = (kind: FinetuneOptions['kind'], more: Partial<FinetuneOptions>): FinetuneOptions => ({
    kind,
    base: tiny.base,
    onto: tiny.gguf,
    tasks: 4,
    rounds: 1,
    least: 1,
    reward: 'sparse',
    about: {},
    out: join(temporaryFolder(), 'out'),
    isFresh: false,
    python,
    offered: async () => () => metaToolsOf(withExecution(toolView, execution)),
    threads: 1,
    record: async ({ policy, split, tasks, out }) => {
      const what = ['--suite', 'micro', '--policy', policy, '--split', split, '--limit', String(tasks)];
      expect(await toolstone('run', ...what, '--execution', execution, '--out', out)).toMatchObject({ code: 0 });
    },
    serve: async () => Promise.reject(new Error('no server is needed')),
    told: () => undefined,
    ...more,
  });
  return { tiny: () => tiny, pool: () => pool, optionsOf };
}

/** A server that the test has started, and that outlives the training. */
export const serving = ({ url }: { readonly url: string }): Pick<FinetuneOptions, 'serve'> => ({
  serve: async () => ({ url, close: async () => undefined }),
});
