/*
 * Makes the recordings below `kept` and the runs beside them: `node test/wire/record.ts NAME…`, from a clean working tree; `small-model` needs
 * Ollama (test/live/setup-ollama.sh). After a change of how tables and page are made, `--again` makes the runs by their recordings.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { model, startOllama } from '../live/ollama-server.ts';
import { keptNames, keptRecordings, type Kept } from './kept.ts';

const entry = fileURLToPath(new URL('../../toolstone.ts', import.meta.url));

/** A busy machine may take its time. */
const replySeconds = '3600';

function play({ command, recording, run }: Kept, mode: 'record' | 'strict', env: NodeJS.ProcessEnv): void {
  const words = [entry, ...command, '--out', run, '--fresh', '--reply-deadline', replySeconds, '--wire', `${mode}:${recording}`];
  const { status } = spawnSync(process.execPath, words, { env, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

const names = process.argv.slice(2).filter((word) => word !== '--again');
const isAgain = process.argv.includes('--again');
for (const name of names.length > 0 ? names : keptNames) {
  const kept = keptRecordings[name];
  if (kept === undefined) throw new Error(`There is no recording "${name}". Known: ${keptNames.join(', ')}.`);
  if (isAgain) {
    play(kept, 'strict', process.env);
    continue;
  }
  rmSync(kept.recording, { recursive: true, force: true });
  if (!kept.command.some((word) => word.includes(model))) {
    play(kept, 'record', process.env);
    continue;
  }
  await using server = await startOllama();
  play(kept, 'record', { ...process.env, OLLAMA_HOST: server.host });
}
