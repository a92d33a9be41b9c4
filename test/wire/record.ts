/*
 * Makes the recordings below `kept` and the runs beside them: `node test/wire/record.ts NAME…`, from a clean working tree; `small-model` needs
 * Ollama (test/live/setup-ollama.sh). Tables and page are made of the records, and not kept. After a change of how episodes are recorded,
 * `--again` makes the runs by their recordings.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { model, startOllama } from '../live/ollama-server.ts';
import { keptNames, keptRecordings, type Kept } from './kept.ts';

const entry = fileURLToPath(new URL('../../toolstone.ts', import.meta.url));

/** A busy machine may take its time. */
const replySeconds = '3600';

/** Plays elsewhere and puts what came of it in its place, since a run tells whether files were uncommitted when it began. */
function play({ command, recording, run }: Kept, mode: 'record' | 'strict', env: NodeJS.ProcessEnv): void {
  const scratch = mkdtempSync(join(tmpdir(), 'toolstone-kept-'));
  const made = { run: join(scratch, 'run'), recording: mode === 'record' ? join(scratch, 'recording') : recording };
  const flags = ['--out', made.run, '--reply-deadline', replySeconds, '--wire', `${mode}:${made.recording}`];
  const { status } = spawnSync(process.execPath, [entry, ...command, ...flags], { env, stdio: 'inherit' });
  if (status === 0) {
    replace(run, made.run);
    if (mode === 'record') replace(recording, made.recording);
  } else process.exitCode = 1;
  rmSync(scratch, { recursive: true });
}

const notKept = /\/(?:lock|checkpoints|tables|report\.html|summary\.json)$/;

function replace(folder: string, by: string): void {
  rmSync(folder, { recursive: true, force: true });
  cpSync(by, folder, { recursive: true, filter: (path) => !notKept.test(path) });
}

const names = process.argv.slice(2).filter((word) => word !== '--again');
const isAgain = process.argv.includes('--again');
for (const name of names.length > 0 ? names : keptNames) {
  const kept = keptRecordings[name];
  if (kept === undefined) throw new Error(`There is no recording "${name}". Known: ${keptNames.join(', ')}.`);
  if (isAgain) play(kept, 'strict', process.env);
  else if (kept.command.every((word) => !word.includes(model))) play(kept, 'record', process.env);
  else {
    await using server = await startOllama();
    play(kept, 'record', { ...process.env, OLLAMA_HOST: server.host });
  }
}
