// node commands/figures/finetune-step.ts BASE.gguf [ROUNDS]: what a group-relative step takes, ours beside TRL's own on the same model in one
// run, round by round, into reports/reference/finetune-step.json. Needs the trainer (finetune/trl/setup.sh trainer), and about ten minutes a round on two idle
// cores. Each side's second step counts: the first warms up.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeWhole } from '../../core/record/files.ts';
import { toTerminal } from '../../core/terminal.ts';
import { pythonWithTrainer, scriptPath } from '../../finetune/drive/python.ts';
import { readMetrics } from '../../finetune/drive/metrics.ts';
import { jsonText } from '../../reports/tables/table.ts';
import { entry, runsFolder } from '../shared/places.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [base = '', rounds = '2'] = positionals;
const folder = resolve(runsFolder, 'finetune-step');
const python = pythonWithTrainer(undefined);

/** Both by one thread and with the same weight of the divergence; settings of ours are those that docs/finetune-settings.md names. */
const sides = {
  trl: { episodes: 8, args: ['--plain', '--prompts', '1'] },
  ours: { episodes: 32, args: ['--layers', '8', '--prompts', '4'] },
} as const;

async function finished(file: string, args: readonly string[]): Promise<void> {
  toTerminal(process.stderr, `${args.join(' ')}\n`);
  const [code] = (await once(spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')) as [number];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
}

/** A policy that calls tools and often fails: with one that never calls, a step would have no turns. */
const half = join(folder, 'half');
const sft = ['finetune', 'sft', '--base', base, '--layers', '16', '--steps', '24', '--learning-rate', '5e-4'];
if (!existsSync(join(half, 'model'))) await finished(process.execPath, [fileURLToPath(entry), ...sft, '--out', half]);

const port = '8831';
const served = spawn(
  process.execPath,
  [
    fileURLToPath(entry),
    'serve',
    '--suite',
    'micro',
    '--sessions',
    '32',
    '--port',
    port,
    '--out',
    join(folder, 'served'),
    '--fresh',
  ],
  { stdio: ['ignore', 'ignore', 'pipe'] },
);
const seen: { side: keyof typeof sides; secondsOfEpisode: number; peakMebibytes: number; parts: object }[] = [];
try {
  while (!String((await once(served.stderr, 'data'))[0]).includes('http://'));
  served.stderr.resume();
  for (let round = 1; round <= Number(rounds); round++)
    for (const [side, { episodes, args }] of Object.entries(sides)) {
      const out = join(folder, `${side}-${round}`);
      const asked = ['--base', join(half, 'model'), '--url', `http://127.0.0.1:${port}`, '--out', out];
      if (!existsSync(join(out, 'model')))
        await finished(python, [scriptPath('grpo'), ...asked, '--threads', '1', '--stop-after', '2', ...args]);
      const [first, second] = readMetrics(join(out, 'metrics.jsonl'));
      if (!first || !second) throw new Error(`${out} lacks a step. Delete it, and start this again.`);
      seen.push({
        side: side as keyof typeof sides,
        secondsOfEpisode: (second.seconds - first.seconds) / episodes,
        peakMebibytes: second.peakMebibytes ?? 0,
        parts: second.parts ?? {},
      });
    }
} finally {
  served.kill('SIGINT');
}

const of = (side: string) => seen.filter((one) => one.side === side).map(({ secondsOfEpisode }) => secondsOfEpisode);
const ratios = of('ours').map((ours, round) => ours / (of('trl')[round] ?? NaN));
const file = fileURLToPath(new URL('../../reports/reference/finetune-step.json', import.meta.url));
writeWhole(file, jsonText({ ratios, sides, steps: seen }));
toTerminal(process.stderr, `${file}\n`);
