import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { startIn, temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { isWhole } from '../whole.ts';
import { keptNames, keptRecordings } from './kept.ts';

const guard = fileURLToPath(new URL('no-servers.cjs', import.meta.url));
const nobody = { ...process.env, NODE_OPTIONS: `--require ${guard}`, OLLAMA_HOST: '127.0.0.1:9' };

const how = (name: string) =>
  'The recording in the repository no longer gives the run beside it. If the change is meant, and requests are the same, make the run ' +
  `anew with: node test/wire/record.ts ${name} --again. If they are other, record again: node test/wire/record.ts ${name}. See docs/wire.md.`;

const title = 'gives the same episodes, prompts and verdicts again, without server, model and network';

describe.each(keptNames)('the recording %s in the repository', (name) => {
  const { run, tasks, recording } = keptRecordings[name] ?? { run: '', tasks: '', recording: '' };
  if (!existsSync(recording)) {
    test.skip(`${title} (absent; make it with: node test/wire/record.ts ${name})`);
    return;
  }
  test.runIf(name === keptNames[0] || isWhole)(
    title,
    async () => {
      const words = ['verify', run, '--tasks', tasks, '--wire', `strict:${recording}`];
      const { code, stdout, stderr } = await startIn(nobody, ...words).finished;
      expect(stdout + stderr, how(name)).toContain('the run was played again by the recording, with equal records');
      expect(code, `${stdout}${stderr}${how(name)}`).toBe(0);
    },
    120_000,
  );
});

const linesOf = (folder: string): string[] =>
  gunzipSync(readFileSync(join(folder, 'wire.jsonl.gz')))
    .toString()
    .split('\n');

test.runIf(isWhole)(
  'live servers still answer as they were recorded to; where they do not, `recordingVersion` has to rise',
  async () => {
    const { command, recording } = keptRecordings['own-servers'] ?? { command: [], recording: '' };
    const folder = temporaryFolder();
    const [run, anew] = [join(folder, 'run'), join(folder, 'recording')];
    const { code, stderr } = await toolstone(...command, '--out', run, '--wire', `record:${anew}`);
    expect(code, stderr).toBe(0);
    expect(linesOf(anew).slice(1)).toEqual(linesOf(recording).slice(1));
  },
  180_000,
);
