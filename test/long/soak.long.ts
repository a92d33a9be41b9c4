import { join } from 'node:path';
import { expect, test } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { open } from '../finetune/served.ts';
import { inWhole, quarterMedians } from './quarters.ts';
import { residentMebibytes, startServe } from './serve.ts';
import { scaled, tell } from './scale.ts';

/** Growth that is noise of the collector: of the last quarter's median over the second quarter's. */
const MOST_GROWTH = 1.15;

test('thousands of sessions, half of them left without a word, leave the memory of `serve` flat', async () => {
  const out = join(temporaryFolder(), 'run');
  const { child, finished, server } = await startServe(out, '--sessions', '32', '--reap-after', '30');
  const total = scaled(4_000);
  const memory: number[] = [];
  let [finishedSessions, left, waits] = [0, 0, 0];
  for (let number = 0; number < total; number++) {
    let session = await open(server, 'test', number % 12);
    while (session.created.status !== 200) {
      // All places are taken by those that were left, until they are closed.
      expect([429, 503], JSON.stringify(session.created.body)).toContain(session.created.status);
      waits += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      session = await open(server, 'test', number % 12);
    }
    await session.call('list_servers', {});
    if (number % 2 === 0) {
      expect((await session.call('finish', {})).finished).toBe(true);
      await session.close();
      finishedSessions += 1;
    } else left += 1;
    memory.push(residentMebibytes(child.pid ?? 0));
  }
  await new Promise((resolve) => setTimeout(resolve, 35_000));
  child.kill('SIGINT');
  const { code, stderr } = await finished;
  expect(code, stderr).toBe(0);
  const quarters = quarterMedians(memory);
  const [, second, , last] = quarters;
  tell(
    'soak',
    `${total} sessions, ${left} left, ${waits} waits for a place; resident MiB, medians of the quarters: ${inWhole(quarters)}`,
  );
  expect(readRun(out).episodes.filter(({ ending }) => ending === 'terminated')).toHaveLength(finishedSessions);
  expect(last / second, 'memory of the last quarter over that of the second').toBeLessThan(MOST_GROWTH);
});
