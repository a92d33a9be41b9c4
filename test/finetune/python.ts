import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../envs/world-places.ts';

const folder = join(cacheFolder(), 'python');

/** The interpreter that finetune/trl/setup.sh adds with the word `trainer`. */
export const python = join(folder, 'bin', 'python');
export const hasTrainer = existsSync(join(folder, 'ready-trainer'));
export const howToAdd = '(absent; add what trains with: finetune/trl/setup.sh trainer)';

const scriptNamed = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Architectures of which a tiny model can be made. */
export type Architecture = 'gemma3' | 'llama' | 'qwen3';

/** A tiny model with random weights, `base` as folder and `base.gguf`. */
export function tinyModel(architecture: Architecture = 'gemma3'): {
  readonly base: string;
  readonly gguf: string;
  readonly remove: () => void;
} {
  const at = mkdtempSync(join(tmpdir(), 'toolstone-tiny-'));
  const { status, stderr } = spawnSync(python, [scriptNamed('tiny_model.py'), at, architecture], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { base: join(at, 'base'), gguf: join(at, 'base.gguf'), remove: () => rmSync(at, { recursive: true }) };
}

/** What a Python script of this folder says, given `input` as JSON on standard input. */
export function pythonSays(name: string, args: readonly string[], input: unknown): Promise<unknown> {
  const child = spawn(python, [scriptNamed(name), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [output, faults] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (faults += chunk.toString()));
  child.stdin.end(JSON.stringify(input));
  return new Promise((resolve, reject) =>
    child.once('close', () => {
      if (output === '') reject(new Error(faults));
      else resolve(JSON.parse(output));
    }),
  );
}
