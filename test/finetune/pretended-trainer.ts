import { chmodSync, mkdirSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FinetuneOptions } from '../../finetune/drive/options.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { finishedEpisode } from './finished-episode.ts';

/** Something that is called as Python would be, and does what the test says with `args`, `out`, `log` and `step`. */
export function interpreter(folder: string, body: string): string {
  const path = join(folder, 'python');
  const program = `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path'), { spawn } = require('node:child_process');
const [script, ...args] = process.argv.slice(2);
const valueOf = (name) => args[args.indexOf(name) + 1];
const out = valueOf('--out');
const step = (given) => fs.appendFileSync(path.join(out, 'metrics.jsonl'), JSON.stringify(given) + '\\n');
process.stdin.on('end', () => process.exit(143)).resume();
${body}`;
  writeFileSync(path, program);
  chmodSync(path, 0o755);
  return path;
}

/** Options of a finetuning whose scripts only leave behind what the real ones do. */
export function pretended(kind: FinetuneOptions['kind'], more: Partial<FinetuneOptions> = {}) {
  const folder = temporaryFolder();
  const base = join(folder, 'base.gguf');
  writeFileSync(base, 'GGUF');
  const calls: string[] = [];
  const python = interpreter(
    folder,
    `fs.appendFileSync(${JSON.stringify(join(folder, 'calls'))}, [path.basename(script), ...args].join(' ') + '\\n');
     if (script.endsWith('to_gguf.py')) {
       fs.mkdirSync(path.dirname(out), { recursive: true });
       fs.writeFileSync(out, 'GGUF');
     }
     else if (script.endsWith('engine.py')) process.exit(0);
     else if (script.endsWith('template.py')) fs.writeFileSync(path.join(out, 'chat_template.jinja'), 'a template');
     else {
       const cost = { threads: 2, num_tokens: 40 };
        const parts = { 'seconds/forward': 0.5, 'tokens/forward': 100, 'seconds/environment': 0.25 };
       step({ step: 1, steps: 2, seconds: 1, loss: 1, reward: 0, ...cost, ...parts, peak_mebibytes: 900 });
       step({ step: 2, steps: 2, seconds: 2.5, loss: 0.5, reward: 0.5, ...cost, ...parts, peak_mebibytes: 700 });
       fs.mkdirSync(path.join(out, 'model'));
     }
     process.exit(0);`,
  );
  const told: string[] = [];
  const options: FinetuneOptions = {
    kind,
    base,
    tasks: 2,
    rounds: 2,
    least: 1,
    reward: 'sparse',
    about: { suite: 'micro' },
    out: join(folder, 'out'),
    isFresh: false,
    python,
    offered: async () => () => [],
    record: async ({ policy, out, isRewarded }) => {
      calls.push(`${policy.replace(folder, '')}${isRewarded ? ', rewarded' : ''}`);
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, 'systems.jsonl'), '{"hash":"h","text":"Be good."}\n');
      writeFileSync(join(out, 'trajectories.jsonl'), `${JSON.stringify(finishedEpisode)}\n`);
      writeFileSync(
        join(out, 'timings.jsonl'),
        `${JSON.stringify({ ...timing, seconds: 3 })}\n${JSON.stringify({ ...timing, seconds: 0.5 })}\n`,
      );
    },
    serve: async ({ out, sessions }) => {
      calls.push(`serve ${sessions}`);
      writeFileSync(join(out, 'trajectories.jsonl'), `${JSON.stringify(finishedEpisode)}\n`.repeat(5));
      return { url: 'http://127.0.0.1:1', close: async () => void calls.push('closed') };
    },
    told: (sentence) => told.push(sentence),
    ...more,
  };
  const said = () => readFileSync(join(folder, 'calls'), 'utf8').replaceAll(folder, '').trimEnd().split('\n');
  return { options, folder, told, calls, said };
}

const timing = { job: 'a', phase: 'train', episodes: 1 };
