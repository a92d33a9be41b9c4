import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorldPool } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import toolView from '../../envs/views/tool.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { finetune } from '../../finetune/drive/finetune.ts';
import { readMetrics } from '../../finetune/drive/metrics.ts';
import type { FinetuneOptions } from '../../finetune/drive/options.ts';
import type { SftRow } from '../../finetune/export/sft-rows.ts';
import { metaToolsOf } from '../../finetune/ors/offered-tools.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { hasTrainer, howToAdd, python, pythonSays, tinyModel } from './python.ts';
import { job, served } from './served.ts';

const title = 'training a tiny model on programs';
if (!hasTrainer) test.skip(`${title} ${howToAdd}`, () => undefined);
else if (!isLive) test.skip(`${title} ${howToRun}`, () => undefined);

/** Name and arguments of the calls of an assistant's turns. */
const callsOf = ({ conversation }: SftRow) =>
  (conversation?.messages ?? []).flatMap(
    ({ tool_calls: calls }) =>
      (calls ?? []) as readonly {
        readonly function: { readonly name: string; readonly arguments: { code?: string } };
      }[],
  );

// Together less than four minutes on two idle cores.
describe.skipIf(!hasTrainer || !isLive)(title, { timeout: 400_000 }, () => {
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
    offered: async () => () => metaToolsOf(withExecution(toolView, 'programs')),
    threads: 1,
    record: async ({ policy, split, tasks, out }) => {
      const what = ['--suite', 'micro', '--policy', policy, '--split', split, '--limit', String(tasks)];
      expect(await toolstone('run', ...what, '--execution', 'programs', '--out', out)).toMatchObject({ code: 0 });
    },
    serve: async () => Promise.reject(new Error('no server is needed')),
    told: () => undefined,
    ...more,
  });

  test('supervised: the programs are what is trained, their results are not, and loss falls', async () => {
    const options = optionsOf('sft', { steps: 4, openings: 1, learningRate: 0.02 });
    await finetune(options);
    const losses = readMetrics(join(options.out, 'metrics.jsonl')).map(({ loss }) => loss ?? NaN);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 0.1);
    const file = join(options.out, 'oracle.jsonl');
    const rows = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SftRow);
    const trained = (await pythonSays('trained_texts.py', [tiny.base, file], null)) as readonly string[];
    for (const [place, row] of rows.entries()) {
      const calls = callsOf(row).map((call) => call.function);
      const programs = calls.flatMap(({ arguments: { code } }) => code ?? []);
      expect(programs.length).toBeGreaterThan(0);
      expect(calls.map(({ name }) => name)).not.toContain('call_tool');
      for (const code of programs) expect(trained[place]).toContain(JSON.stringify(code));
      for (const { role, content } of row.conversation?.messages ?? [])
        if (role === 'tool' && typeof content === 'string' && content.includes('declare namespace'))
          expect(trained[place]).not.toContain(content);
    }
  });

  test('group-relative: the server offers programs, and each episode is recorded as one by programs', async () => {
    const suite = await suiteNamed('micro');
    const byPrograms = { ...job, execution: 'programs' } as const;
    const server = await served({ pool, suite, tasks: 4, sessions: 4, job: byPrograms });
    const options = optionsOf('grpo', {
      steps: 1,
      generations: 4,
      tasks: 2,
      turnTokens: 16,
      serve: async () => ({ url: server.url, close: async () => undefined }),
    });
    expect((await finetune(options)).death).toBeUndefined();
    expect(server.trajectories().map(({ execution }) => execution)).toEqual(
      Array.from({ length: 4 }, () => 'programs'),
    );
  });
});
