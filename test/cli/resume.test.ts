import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digests, start, temporaryFolder, toolstone, waitForLines } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const training = (out: string, ...more: readonly string[]) =>
  ['train', '--suite', 'smoke', '--episodes', '96', '--out', out, ...more] as const;

test.runIf(isWhole)(
  'killed and interrupted runs go on and end with the bytes of an undisturbed run of another concurrency',
  async () => {
    const folder = temporaryFolder();
    const [whole, disturbed] = [join(folder, 'whole'), join(folder, 'disturbed')];
    const reference = toolstone(...training(whole, '--concurrency', '2'));

    const killed = start(...training(disturbed));
    await waitForLines(join(disturbed, 'trajectories.jsonl'), 30, killed.finished);
    killed.child.kill('SIGKILL');
    expect((await killed.finished).signal).toBe('SIGKILL');
    const written = readFileSync(join(disturbed, 'trajectories.jsonl'), 'utf8').split('\n').slice(0, 30);

    const interrupted = start(...training(disturbed));
    await waitForLines(join(disturbed, 'trajectories.jsonl'), 60, interrupted.finished);
    interrupted.child.kill('SIGINT');
    const stopped = await interrupted.finished;
    expect(stopped.code, 'exit code after Ctrl-C').toBe(130);
    expect(stopped.stderr).toMatch(/resuming the run in[\s\S]*re-run the same command/);
    expect(existsSync(join(disturbed, 'lock'))).toBe(false);
    expect(readFileSync(join(disturbed, 'trajectories.jsonl'), 'utf8').split('\n').slice(0, 30)).toEqual(written);

    const resumed = await toolstone(...training(disturbed));
    expect(resumed.code, resumed.stderr).toBe(0);
    expect((await reference).code).toBe(0);
    expect(digests(disturbed)).toEqual(digests(whole));

    const again = await toolstone(...training(disturbed));
    expect(again.code).toBe(0);
    expect(digests(disturbed), 'a finished run given again').toEqual(digests(whole));
  },
  180_000,
);
