import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { finetune } from '../../finetune/drive/finetune.ts';
import { readMetrics } from '../../finetune/drive/metrics.ts';
import type { SftRow } from '../../finetune/export/sft-rows.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { hasTrainer, howToAdd, pythonSays } from './python.ts';
import { job, served } from './served.ts';
import { serving, tinyTraining } from './tiny-training.ts';

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
  const { tiny, pool, optionsOf } = tinyTraining('programs');

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
    const trained = (await pythonSays('trained_texts.py', [tiny().base, file], null)) as readonly string[];
    let results = 0;
    for (const [place, row] of rows.entries()) {
      const calls = callsOf(row).map((call) => call.function);
      const programs = calls.flatMap(({ arguments: { code } }) => code ?? []);
      expect(programs.length).toBeGreaterThan(0);
      expect(calls.map(({ name }) => name)).not.toContain('call_tool');
      for (const code of programs) expect(trained[place]).toContain(JSON.stringify(code));
      for (const { role, content } of row.conversation?.messages ?? []) {
        if (role !== 'tool' || typeof content !== 'string' || !content.includes('declare namespace')) continue;
        results += 1;
        expect(trained[place]).not.toContain(content);
      }
    }
    expect(results, 'in each episode declarations are loaded').toBeGreaterThanOrEqual(rows.length);
  });

  test('group-relative: the server offers programs, and each episode is recorded as one by programs', async () => {
    const suite = await suiteNamed('micro');
    const byPrograms = { ...job, execution: 'programs' } as const;
    const server = await served({ pool: pool(), suite, tasks: 4, sessions: 4, job: byPrograms });
    const options = optionsOf('grpo', {
      steps: 1,
      generations: 4,
      tasks: 2,
      turnTokens: 16,
      ...serving(server),
    });
    expect((await finetune(options)).death).toBeUndefined();
    expect(server.trajectories().map(({ execution }) => execution)).toEqual(
      Array.from({ length: 4 }, () => 'programs'),
    );
  });
});
