import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startIn, temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { isWhole } from '../whole.ts';

const guard = fileURLToPath(new URL('no-servers.cjs', import.meta.url));
const played = ['bench', '--suite', 'micro', '--episodes', '64', '--seeds', '1', '--reward', 'sparse'];

test.runIf(isWhole)(
  'trainings are replayed without servers, to the same records and the same learning',
  async () => {
    const folder = temporaryFolder();
    const [run, recording] = [join(folder, 'run'), join(folder, 'rec')];
    const recorded = await toolstone(...played, '--out', run, '--wire', `record:${recording}`);
    expect(recorded.code, recorded.stderr).toBe(0);
    const env = { ...process.env, NODE_OPTIONS: `--require ${guard}` };
    const { code, stdout, stderr } = await startIn(env, 'verify', run, '--wire', `strict:${recording}`).finished;
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain('the run was played again by the recording, with equal records');
  },
  600_000,
);
